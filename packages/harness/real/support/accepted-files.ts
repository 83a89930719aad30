import type { SlurmKnowledge } from "@slurmlab/config-gen";
import { sampleValue } from "./sample-values.ts";

/** What is in a file, by its name. */
export type Files = Readonly<Record<string, string>>;

/** The node that the tests' daemons run on. */
export const NODE = "n1";

/** Keys that cannot stand in one file with others: they get a file of their own, without those. */
const APART: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  // "Use of ResumeProgram with node_features knl_generic plugin not currently supported", and it has no other.
  "20.11": { NodeFeaturesPlugins: ["ResumeProgram", "SuspendProgram"] },
};

/** Keys whose every value needs more than a daemon by itself. */
const OUT_OF_REACH: Readonly<Record<string, readonly string[]>> = {
  // "Partition … has an invalid qos (…)": a QOS has to be in the database.
  "26.05": ["PartitionName QOS"],
};

/** What every slurm.conf of the tests has, so that a daemon can run in a container by itself. */
const BASE = [
  ...["AccountingStorageType", "AuthType", "ClusterName", "CredType", "JobAcctGatherType", "MailProg"],
  ...["ProctrackType", "SlurmctldHost", "SlurmctldPidFile", "SlurmdPidFile", "SlurmdSpoolDir", "SlurmUser"],
  ...["StateSaveLocation", "SwitchType", "TaskPlugin"],
];

const CLUSTER = `NodeName=${NODE} Gres=gpu:1\nPartitionName=p Nodes=${NODE} Default=YES\n`;

/** Each of these has to be in burst_buffer.lua. */
const LUA_HOOKS = [
  ...[
    "pools",
    "job_process",
    "job_teardown",
    "setup",
    "data_in",
    "real_size",
    "paths",
    "pre_run",
    "post_run",
  ],
  ...["data_out", "get_status", "test_data_in", "test_data_out"],
];

/** Files for real daemons that have every key that a release is said to accept. */
export class AcceptedFiles {
  readonly #knowledge: SlurmKnowledge;

  constructor(knowledge: SlurmKnowledge) {
    this.#knowledge = knowledge;
  }

  /** Every key of slurm.conf and of its records, in as few files as their conflicts allow. */
  slurmConfs(): string[] {
    const apart = APART[this.#knowledge.slurm] ?? {};
    const records = ["NodeName", "PartitionName", "DownNodes", "NodeSet", "PowerAction"];
    const lines = records.flatMap((context) => this.#records(context));
    return [
      `${this.global("slurm.conf", (key) => !(key in apart))}${CLUSTER}${lines.join("\n")}\n`,
      ...Object.values(apart).map(
        (others) => `${this.global("slurm.conf", (key) => !others.includes(key))}${CLUSTER}`,
      ),
    ];
  }

  /** A slurm.conf with only what a daemon needs. */
  base(more: Files = {}): string {
    const lines = Object.entries({ GresTypes: "gpu", ...more }).map(([key, value]) => `${key}=${value}\n`);
    return this.global("slurm.conf", (key) => BASE.includes(key)) + lines.join("") + CLUSTER;
  }

  /** All global keys of a file but those that start a record. */
  global(file: string, wanted: (key: string) => boolean = () => true): string {
    return this.#keys(file, "")
      .filter(([key, , type]) => wanted(key) && type !== "record")
      .map(([key, value]) => `${key}=${value}\n`)
      .join("");
  }

  /** The files that the daemons read beside slurm.conf, with every key; those that this release does not have are left out. */
  small(): Files {
    const helpers = ["Feature", "NodeName"].map((context, i) => {
      const keys = this.#keys("helpers.conf", context).filter(([key]) => key !== context);
      const line = keys.map(([key, value]) => `${key}=${key === "Feature" ? `f${i}` : value}`).join(" ");
      return keys.length === 0 ? "" : `${context}=${context === "Feature" ? "f9" : NODE} ${line}\n`;
    });
    const files: Files = {
      "burst_buffer.conf": this.global("burst_buffer.conf"),
      "cgroup.conf": this.global("cgroup.conf"),
      "helpers.conf": this.global("helpers.conf") + helpers.join(""),
      "topology.conf": this.topologies().tree ?? "",
    };
    return {
      ...Object.fromEntries(Object.entries(files).filter(([file]) => this.#knowledge.files[file])),
      // Read by plugins that a key of slurm.conf names; they want something to be there.
      "burst_buffer.lua": LUA_HOOKS.map(
        (hook) => `function slurm_bb_${hook}() return slurm.SUCCESS, '' end\n`,
      ).join(""),
      "job_container.conf": "BasePath=/tmp/containers\n",
      "nonstop.conf": `ControlAddr=${NODE}\n`,
    };
  }

  /** topology.conf by the plugin that reads it, with every key of its lines. */
  topologies(): Record<string, string> {
    const has = (key: string) => this.#knowledge.files["topology.conf"]?.[""]?.[key];
    return {
      tree: `SwitchName=leaf Nodes=${NODE} LinkSpeed=1\nSwitchName=root Switches=leaf LinkSpeed=1\n`,
      ...(has("BlockName") ? { block: `BlockName=b Nodes=${NODE}\nBlockSizes=1\n` } : {}),
      ...(has("RingName") ? { ring: `RingName=r Nodes=${NODE}\n` } : {}),
    };
  }

  /** gres.conf with one resource a key, since one resource cannot be described in two ways, and a slurm.conf for it. */
  withGres(): Files {
    const lines = ["Name", "NodeName"].flatMap((context) =>
      this.#keys("gres.conf", context).map(([key, value], i) => {
        const name = `${context.toLowerCase()}${i}`;
        const start = context === "Name" ? `Name=${name}` : `NodeName=${NODE} Name=${name}`;
        return { name, line: key === "Name" ? start : `${start} ${key}=${value}` };
      }),
    );
    return {
      "gres.conf": `${this.global("gres.conf")}${lines.map(({ line }) => line).join("\n")}\n`,
      "slurm.conf": this.base({ GresTypes: ["gpu", ...lines.map(({ name }) => name)].join(",") }),
    };
  }

  /** One line a key, each for a record of its own: on one line, some exclude others. */
  #records(context: string): string[] {
    const keys = this.#keys("slurm.conf", context);
    if (context === "PowerAction" && keys.length > 0)
      // It wants both of its keys.
      return [`PowerAction=a ${keys.map(([key, value]) => `${key}=${value}`).join(" ")}`];
    return keys.map(([key, value], i) => {
      const name = context === "DownNodes" ? NODE : `${context.toLowerCase()}${i}`;
      // A number is an address that nobody has to look up.
      const address = context === "NodeName" && key !== "NodeAddr" ? " NodeAddr=127.0.0.1" : "";
      return `${context}=${name}${address} ${key}=${value}`;
    });
  }

  #keys(file: string, context: string): Array<[key: string, value: string, type: string]> {
    const { slurm, files } = this.#knowledge;
    return Object.entries(files[file]?.[context] ?? {})
      .filter(([key]) => !OUT_OF_REACH[slurm]?.includes(`${context} ${key}`))
      .map(([key, type]) => [key, sampleValue(file, context, key, type, slurm), type]);
  }
}
