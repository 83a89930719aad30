import type { KeyType } from "../src/knowledge/knowledge.ts";

type Keys = Readonly<Record<string, KeyType>>;
type Files = Readonly<Record<string, Readonly<Record<string, Keys>>>>;

/** What no package's parser tables say. Each is reviewed by hand, with where it was read. */
export interface Documented {
  readonly files: Files;
  /** Keys that a parser table has and the daemon then refuses to start with. */
  readonly refused: ReadonlyArray<{ readonly file: string; readonly context: string; readonly key: string }>;
  /** Plugins that this Slurm has and the distribution does not build. */
  readonly unpackaged: Readonly<Record<string, readonly string[]>>;
  /** Values that are taken where a plugin is expected, without there being one. */
  readonly values: Readonly<Record<string, readonly string[]>>;
  readonly provenance: readonly string[];
}

/** plugstack.conf is not made of key=value: each line starts with one of three words. */
const PLUGSTACK: Files = {
  "plugstack.conf": { "": { include: "plain-string", optional: "plain-string", required: "plain-string" } },
};

const OFED: Keys = { InfinibandOFEDPort: "uint32", InterconnectOFEDPort: "uint32" };

/** Values with `none` that slurm.conf's reader clears, so that no plugin is loaded. */
const CLEARED: Readonly<Record<string, readonly string[]>> = Object.fromEntries([
  ...[
    "accounting_storage",
    "acct_gather_energy",
    "acct_gather_filesystem",
    "acct_gather_interconnect",
    "acct_gather_profile",
    "cli_filter",
    "job_container",
    "jobacct_gather",
    "jobcomp",
    "mcs",
    "preempt",
    "site_factor",
    "switch",
    "task",
    "topology",
  ].map((type) => [type, ["none"]]),
  ["mpi", ["none", "openmpi"]],
]);

const RELEASE_AGENT = { file: "cgroup.conf", context: "", key: "CgroupReleaseAgentDir" };
const slurmConf = (key: string) => ({ file: "slurm.conf", context: "", key });
const LOC = slurmConf("AccountingStorageLoc");
const COMMENT = slurmConf("AccountingStoreJobComment");
const SALLOC = slurmConf("SallocDefaultCommand");
const MEM_LIMIT = slurmConf("MemLimitEnforce");
const FRONTEND = slurmConf("FrontendName");
const FRONTEND_SOURCE =
  "FrontendName: refused by the packages' daemons, which are not built with --enable-front-end (tried on them)";

const PLUGSTACK_SOURCE = "plugstack.conf: the words of spank(8)";
const OFED_SOURCE =
  "acct_gather.conf, InfinibandOFEDPort and InterconnectOFEDPort: acct_gather_interconnect/ofed in the sources of 22.05.8 and 24.11.5; no package has it";
const OFED_SOURCE_20_11 =
  "acct_gather.conf, InfinibandOFEDPort: acct_gather.conf(5); InterconnectOFEDPort: taken over from the sources of 22.05.8; no package has acct_gather_interconnect/ofed";

export const DOCUMENTED: Readonly<Record<string, Documented>> = {
  "20.11": {
    files: { ...PLUGSTACK, "acct_gather.conf": { "": OFED } },
    refused: [FRONTEND, LOC, MEM_LIMIT, SALLOC],
    unpackaged: {
      acct_gather_interconnect: ["ofed"],
      gpu: ["nvml", "rsmi"],
      proctrack: ["cray_aries"],
    },
    values: {},
    provenance: [
      PLUGSTACK_SOURCE,
      OFED_SOURCE_20_11,
      "plugins that are not packaged: slurm.conf(5), gres.conf(5) and names in libslurmfull.so",
      FRONTEND_SOURCE,
    ],
  },
  "22.05": {
    files: { ...PLUGSTACK, "acct_gather.conf": { "": OFED } },
    refused: [FRONTEND, RELEASE_AGENT, LOC, COMMENT, SALLOC],
    unpackaged: {
      acct_gather_interconnect: ["ofed"],
      gpu: ["nvml", "oneapi"],
      proctrack: ["cray_aries"],
      switch: ["hpe_slingshot"],
    },
    values: {},
    provenance: [
      PLUGSTACK_SOURCE,
      OFED_SOURCE,
      "plugins that are not packaged: src/plugins of Slurm 22.05.8, compared with the packages",
      "CgroupReleaseAgentDir: refused, by src/common/cgroup.c of Slurm 22.05.8",
      FRONTEND_SOURCE,
    ],
  },
  "24.11": {
    files: { ...PLUGSTACK, "acct_gather.conf": { "": OFED } },
    refused: [FRONTEND, RELEASE_AGENT, LOC, COMMENT, SALLOC],
    unpackaged: {
      acct_gather_interconnect: ["ofed"],
      gpu: ["nvml", "oneapi"],
      switch: ["hpe_slingshot"],
      tls: ["s2n"],
    },
    values: CLEARED,
    provenance: [
      PLUGSTACK_SOURCE,
      OFED_SOURCE,
      "plugins that are not packaged, and values without a plugin: src/plugins and src/common/read_config.c of Slurm 24.11.5",
      "CgroupReleaseAgentDir: refused, by src/interfaces/cgroup.c of Slurm 24.11.5",
      FRONTEND_SOURCE,
    ],
  },
  "26.05": {
    files: {
      ...PLUGSTACK,
      "mpi.conf": {
        "": {
          PMIxCliTmpDirBase: "string",
          PMIxCollFence: "string",
          PMIxDebug: "uint32",
          PMIxDirectConn: "boolean",
          PMIxDirectConnEarly: "boolean",
          PMIxDirectConnUCX: "boolean",
          PMIxDirectSameArch: "boolean",
          PMIxEnv: "string",
          PMIxFenceBarrier: "boolean",
          PMIxNetDevicesUCX: "string",
          PMIxShareServerTopology: "boolean",
          PMIxTimeout: "uint32",
          PMIxTlsUCX: "string",
        },
      },
      "topology.yaml": {
        "": {
          block: "record",
          cluster_default: "boolean",
          flat: "record",
          ring: "record",
          topology: "string",
          torus3d: "record",
          tree: "record",
        },
        block: { block_sizes: "list", blocks: "record" },
        blocks: { block: "string", nodes: "string" },
        flat: { alpha_step_rank: "boolean" },
        ring: { rings: "record" },
        rings: { nodes: "string", ring: "string" },
        torus3d: { toruses: "record" },
        toruses: { dims: "record", name: "string", nodes: "string", placements: "record", regions: "record" },
        placements: { anchor_seed: "record", anchor_spacing: "record", dims: "record" },
        regions: { anchor: "record", dims: "record", nodes: "string" },
        dims: { x: "uint32", y: "uint32", z: "uint32" },
        tree: { switches: "record" },
        switches: { children: "string", nodes: "string", switch: "string" },
      },
    },
    refused: [COMMENT, SALLOC],
    unpackaged: {
      gpu: ["nvml"],
      mpi: ["pmix"],
      switch: ["hpe_slingshot"],
      tls: ["s2n"],
      url_parser: ["libhttp_parser"],
    },
    // JobContainerType=job_container/tmpfs is taken for namespace/tmpfs, topology/default for topology/flat.
    values: { ...CLEARED, job_container: ["none", "tmpfs"], topology: ["none", "default"] },
    provenance: [
      PLUGSTACK_SOURCE,
      "mpi.conf: mpi.conf(5); no package has mpi/pmix",
      "topology.yaml: topology.yaml(5)",
      "plugins that are not packaged: slurm.conf(5), gres.conf(5) and names in libslurmfull.so",
    ],
  },
};
