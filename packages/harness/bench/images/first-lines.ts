import { setTimeout as delay } from "node:timers/promises";
import { IMAGE_ROLES, type ImageRole, type ImageSet } from "@slurmlab/images";
import { type ClusterNetwork, createClusterNetwork } from "../../src/cluster/network.ts";
import type { ContainerSpec, Engine } from "../../src/engine/engine.ts";
import type { Figure } from "../support/figures.ts";
import { median } from "../support/measure.ts";

const RUNS = 7;
const LOOK_MS = 20;

/** Nobody has to answer: each daemon says its first line before it asks another one. */
const CONF = `mkdir -p /etc/slurm /run/munge
printf 'ClusterName=x\\nSlurmctldHost=bench\\nSlurmUser=slurm\\nAuthAltTypes=auth/jwt\\nAuthAltParameters=jwt_key=/etc/slurm/jwt\\nNodeName=bench\\nPartitionName=p Nodes=bench\\n' > /etc/slurm/slurm.conf
printf 'DbdHost=bench\\nSlurmUser=slurm\\nStorageType=accounting_storage/mysql\\n' > /etc/slurm/slurmdbd.conf
chown slurm /etc/slurm/slurmdbd.conf 2> /dev/null; chmod 600 /etc/slurm/slurmdbd.conf
head -c 32 /dev/urandom > /etc/slurm/jwt; chmod 644 /etc/slurm/jwt
head -c 128 /dev/urandom > /etc/munge/munge.key && chmod 400 /etc/munge/munge.key
`;

const MUNGED = ["munged", "--foreground", "--force"];

/** Without one they wait for it during 2 s before they say so. */
const NEEDS_MUNGED: readonly ImageRole[] = ["slurmctld", "slurmdbd"];

/** What each role's container runs; `single-node` its whole start, until slurmctld has said something. */
const FIRST: Readonly<Record<ImageRole, readonly string[]>> = {
  client: MUNGED,
  login: MUNGED,
  slurmctld: ["slurmctld", "-D"],
  slurmdbd: ["slurmdbd", "-D"],
  slurmd: ["slurmd", "-D", "-v"],
  slurmrestd: ["slurmrestd", "-v", "-u", "slurmrestd", "-g", "slurmrestd", "0.0.0.0:6820"],
  db: ["mariadbd", "--user=mysql"],
  "single-node": [],
};

/** Milliseconds from the engine's start call to the first line, beside the same of a container that only echoes. */
export async function firstLines(engine: Engine, images: ImageSet): Promise<Figure[]> {
  // Without an address of its own a machine has no name for Slurm: slurmdbd looks it up for 10 s and gives up.
  const name = `slurmlab-bench-${process.pid}`;
  try {
    const network = await createClusterNetwork(engine, { name, labels: {}, nodes: ["bench"] });
    const figures: Figure[] = [];
    for (const role of IMAGE_ROLES) figures.push(await ofRole(engine, images.tags[role], role, network));
    return figures;
  } finally {
    await engine.remove("network", name);
  }
}

async function ofRole(
  engine: Engine,
  image: string,
  role: ImageRole,
  network: ClusterNetwork,
): Promise<Figure> {
  const [work, floor]: [number[], number[]] = [[], []];
  for (let i = 0; i < RUNS; i++) {
    floor.push(await firstLine(engine, image, network, ["tini", "--", "echo", "up"]));
    work.push(await firstLine(engine, image, network, entrypointOf(role)));
  }
  return {
    what: `start to the first line of ${FIRST[role][0] ?? "slurmctld's log"} in ${role}${NEEDS_MUNGED.includes(role) ? ", after munged" : ""}`,
    unit: "ms",
    value: median(work),
    floor: { value: median(floor), what: "a container that echoes" },
  };
}

function entrypointOf(role: ImageRole): readonly string[] {
  const run = ["tini", "--", "sh", "-c"];
  if (role !== "single-node") {
    const munged = NEEDS_MUNGED.includes(role) ? "munged --force > /dev/null 2>&1\n" : "";
    return [...run, `${CONF}${munged}exec "$@"`, "run", ...FIRST[role]];
  }
  return [
    ...run,
    "/usr/lib/slurmlab/init > /dev/null 2>&1 & until [ -s /var/log/slurm/slurmctld.log ]; do sleep 0.01; done; head -n 1 /var/log/slurm/slurmctld.log; wait",
  ];
}

async function firstLine(
  engine: Engine,
  image: string,
  { name, addresses }: ClusterNetwork,
  entrypoint: NonNullable<ContainerSpec["entrypoint"]>,
): Promise<number> {
  const id = await engine.createContainer({
    name,
    hostname: "bench",
    image,
    labels: {},
    network: { name, address: addresses.bench ?? "" },
    capabilities: ["CHOWN", "DAC_OVERRIDE", "FOWNER", "SETUID", "SETGID", "KILL"],
    entrypoint,
  });
  try {
    const start = performance.now();
    await engine.startContainer(id);
    while ((await engine.containerLog(id)).trim() === "") {
      if (performance.now() - start > 120_000) throw new Error(`${image}: ${entrypoint.at(-1)} says nothing`);
      await delay(LOOK_MS); // looking without a pause takes the processor that the daemon needs
    }
    return performance.now() - start;
  } finally {
    await engine.remove("container", id);
  }
}
