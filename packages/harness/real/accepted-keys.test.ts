import { join } from "node:path";
import { findKey, knowledgeOf, RELEASES, type SlurmKnowledge, since } from "@slurmlab/config-gen";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { DockerEngine } from "../src/engine/docker.ts";
import { AcceptedFiles, type Files, NODE } from "./support/accepted-files.ts";
import { DaemonLab, type Outcome } from "./support/daemon-lab.ts";
import { sampleValue } from "./support/sample-values.ts";

// Not covered: acct_gather.conf, mpi.conf (their plugins are in packages, or want libraries, that the images do not
// have), oci.conf (read when a container starts) and plugstack.conf (read by srun).

const MAIN = join(import.meta.dirname, "../src/cli/main.ts");

/** No release has a key of this name. */
const UNKNOWN = "Zebra";

/** Which daemon reads a file at its start, where it is not slurmctld. */
const READERS: Readonly<Record<string, Attempt["daemon"]>> = {
  "cgroup.conf": "slurmd",
  "gres.conf": "slurmd",
  "job_container.conf": "slurmd",
  "slurmdbd.conf": "slurmdbd",
};

/** One topology of each kind. */
const TOPOLOGY_YAML = `
- { topology: a, cluster_default: true, tree: { switches: [{ switch: root, children: leaf }, { switch: leaf, nodes: ${NODE} }] } }
- { topology: b, cluster_default: false, block: { block_sizes: [1], blocks: [{ block: b1, nodes: ${NODE} }] } }
- { topology: c, flat: { alpha_step_rank: true } }
- { topology: d, ring: { rings: [{ ring: r1, nodes: ${NODE} }] } }
- topology: e
  torus3d:
    toruses:
      - name: t1
        dims: { x: 1, y: 1, z: 1 }
        regions: [{ anchor: { x: 0, y: 0, z: 0 }, dims: { x: 1, y: 1, z: 1 }, nodes: ${NODE} }]
        placements:
          - dims: { x: 1, y: 1, z: 1 }
            anchor_seed: { x: 0, y: 0, z: 0 }
            anchor_spacing: { x: 1, y: 1, z: 1 }
`;

/** One daemon started with one set of files. */
interface Attempt {
  readonly title: string;
  readonly daemon: "slurmctld" | "slurmd" | "slurmdbd";
  readonly files: Files;
}

/** A line with an unknown key, where the daemon has to find it. */
interface Refusal extends Attempt {
  readonly file: string;
  readonly context: string;
}

const attempts = new Map<string, Outcome>();
const labs: DaemonLab[] = [];

/** All daemons of a release run one after another, and the releases side by side. */
beforeAll(async () => {
  const engine = await DockerEngine.connect({ socketPath: inject("socket") });
  const show = { stdio: "inherit" } as const;
  await execa(process.execPath, [MAIN, "images", "build", "--slurm", ...RELEASES], show);
  const list = await execa(process.execPath, [MAIN, "images", "list", "--json"]);
  const images = JSON.parse(list.stdout) as Array<{ slurm: string; images: Record<string, string> }>;
  await Promise.all(
    RELEASES.map(async (slurm) => {
      const image = images.find((row) => row.slurm === slurm)?.images["single-node"] ?? "";
      const lab = await DaemonLab.start(engine, image);
      labs.push(lab);
      for (const attempt of [...acceptances(slurm), ...refusals(slurm)])
        attempts.set(`${slurm} ${attempt.title}`, await lab[attempt.daemon](attempt.files));
    }),
  );
});

afterAll(() => Promise.all(labs.map((lab) => lab.stop())));

describe.each(RELEASES)("Slurm %s", (slurm) => {
  test.each(acceptances(slurm))("takes $title", ({ title }) => {
    const outcome = attempts.get(`${slurm} ${title}`);
    const refused = /.*(fatal|unrecognized key|Parse error).*/g;
    expect({ taken: outcome?.taken, refused: outcome?.says.match(refused) }).toEqual({
      taken: true,
      refused: null,
    });
  });

  test.each(refusals(slurm))("refuses $title", ({ title, file, context }) => {
    const outcome = attempts.get(`${slurm} ${title}`);
    expect({ taken: outcome?.taken, says: outcome?.says }).toEqual({
      taken: false,
      says: expect.stringContaining(`Parsing error at unrecognized key: ${UNKNOWN}`),
    });
    expect(findKey(known(slurm), file, context, UNKNOWN)).toBeUndefined();
  });
});

function acceptances(slurm: string): Attempt[] {
  const accepted = new AcceptedFiles(known(slurm));
  const attempts: Attempt[] = accepted.slurmConfs().map((text, i) => ({
    title: `every key of slurm.conf, cgroup.conf and what slurmctld's plugins read${i > 0 ? `, file ${i + 1}` : ""}`,
    daemon: "slurmctld",
    files: { ...accepted.small(), "slurm.conf": text },
  }));
  for (const [plugin, text] of Object.entries(accepted.topologies()))
    attempts.push({
      title: `every key of topology.conf for topology/${plugin}`,
      daemon: "slurmctld",
      files: {
        "slurm.conf": accepted.base({ TopologyPlugin: `topology/${plugin}` }),
        "topology.conf": text,
      },
    });
  attempts.push({
    title: "every key of gres.conf and cgroup.conf",
    daemon: "slurmd",
    files: { ...accepted.small(), ...accepted.withGres() },
  });
  if (known(slurm).files["topology.yaml"])
    attempts.push({
      title: "every key of topology.yaml",
      daemon: "slurmctld",
      files: { "slurm.conf": accepted.base(), "topology.yaml": TOPOLOGY_YAML },
    });
  attempts.push({
    title: "every key of slurmdbd.conf",
    daemon: "slurmdbd",
    files: { "slurm.conf": accepted.base(), "slurmdbd.conf": accepted.global("slurmdbd.conf") },
  });
  return attempts;
}

function refusals(slurm: string): Refusal[] {
  const accepted = new AcceptedFiles(known(slurm));
  const base = accepted.base();
  const has = (file: string) => known(slurm).files[file] !== undefined;
  const refusal = (file: string, context: string, line: string, more: Files = {}): Refusal => ({
    title: `an unknown key in ${context || "all"} of ${file}`,
    daemon: READERS[file] ?? "slurmctld",
    file,
    context,
    files: { "slurm.conf": base, ...more, [file]: `${more[file] ?? ""}${line}\n` },
  });
  return [
    refusal("slurm.conf", "", `${UNKNOWN}=1`, { "slurm.conf": base }),
    refusal("slurm.conf", "NodeName", `NodeName=n2 NodeAddr=127.0.0.1 ${UNKNOWN}=1`, { "slurm.conf": base }),
    refusal("slurm.conf", "PartitionName", `PartitionName=q Nodes=${NODE} ${UNKNOWN}=1`, {
      "slurm.conf": base,
    }),
    refusal("slurm.conf", "DownNodes", `DownNodes=${NODE} ${UNKNOWN}=1`, { "slurm.conf": base }),
    refusal("slurm.conf", "NodeSet", `NodeSet=s Nodes=${NODE} ${UNKNOWN}=1`, { "slurm.conf": base }),
    refusal("slurmdbd.conf", "", `StorageType=accounting_storage/mysql\n${UNKNOWN}=1`),
    refusal("cgroup.conf", "", `${UNKNOWN}=1`),
    refusal("gres.conf", "", `${UNKNOWN}=1`),
    refusal("gres.conf", "Name", `Name=gpu ${UNKNOWN}=1`),
    refusal("gres.conf", "NodeName", `NodeName=${NODE} Name=gpu ${UNKNOWN}=1`),
    ...(has("helpers.conf")
      ? ["", "Feature=a "].map((start) =>
          refusal("helpers.conf", start.split("=")[0] ?? "", `${start}${UNKNOWN}=1`, {
            "slurm.conf": accepted.base({ NodeFeaturesPlugins: "node_features/helpers" }),
          }),
        )
      : []),
    // burst_buffer/generic of 20.11 takes no notice of its file.
    ...(since(slurm, "21.08")
      ? [
          refusal("burst_buffer.conf", "", `${UNKNOWN}=1`, {
            ...accepted.small(),
            "slurm.conf": accepted.base({
              BurstBufferType: sampleValue("slurm.conf", "", "BurstBufferType", "string", slurm),
            }),
          }),
        ]
      : []),
    ...(has("job_container.conf")
      ? ["", "BasePath=/tmp/containers ", `NodeName=${NODE} `].map((start) =>
          refusal("job_container.conf", start.split("=")[0] ?? "", `${start}${UNKNOWN}=1`, {
            "slurm.conf": accepted.base({ JobContainerType: "job_container/tmpfs", PrologFlags: "Contain" }),
          }),
        )
      : []),
    ...Object.keys(accepted.topologies()).flatMap((plugin) => {
      const conf = { "slurm.conf": accepted.base({ TopologyPlugin: `topology/${plugin}` }) };
      const key = { tree: "SwitchName", block: "BlockName", ring: "RingName" }[plugin] ?? "";
      return [
        refusal("topology.conf", key, `${key}=s Nodes=${NODE} ${UNKNOWN}=1`, conf),
        ...(plugin === "tree" ? [refusal("topology.conf", "", `${UNKNOWN}=1`, conf)] : []),
      ];
    }),
  ];
}

function known(slurm: string): SlurmKnowledge {
  const knowledge = knowledgeOf(slurm);
  if (!knowledge) throw new Error(`nothing is known of Slurm ${slurm}`);
  return knowledge;
}
