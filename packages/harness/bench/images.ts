// Images: the time to build one release from nothing beside that of mmdebstrap with the same packages, the time to find out that
// nothing has to be done, sizes, and the time from a container's start to its daemon's first line.
//
// node packages/harness/bench/images.ts [--json] [--cold]
//
// --cold builds on an engine of its own with an empty folder (minutes); without it, on the engine and images that are there.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  DEFAULT_SLURM,
  findRelease,
  IMAGE_ROLES,
  type ImageSet,
  imageSet,
  packagesOf,
} from "@slurmlab/images";
import { execa } from "execa";
import type { Engine } from "../src/engine/engine.ts";
import { findEngine } from "../src/engine/find.ts";

const MAIN = join(import.meta.dirname, "../src/cli/main.ts");
const RUNS = 7;
/** The first line of each daemon, started alone with a configuration that it can read; slurmctld waits for no one to say it. */
const DAEMONS = {
  slurmctld: ["slurmctld", "-D"],
  slurmdbd: ["slurmdbd", "-D"],
  slurmd: ["slurmd", "-D"],
  db: ["mariadbd", "--user=mysql"],
} as const;

const json = process.argv.includes("--json");
const io = { say: () => {}, confirm: async () => true };
const found = await findEngine(process.env, io);
const release = findRelease(DEFAULT_SLURM);
if ("severity" in release) throw new Error(release.message);
const set = imageSet(release, found.engine.architecture);
await execa(process.execPath, [MAIN, "images", "build", "--slurm", "all"], { stdout: "ignore" });

const result = {
  slurm: release.slurm,
  warm: await warm(),
  sizes: await sizes(found.engine, set),
  firstLine: await firstLines(found.engine, set),
  ...(process.argv.includes("--cold") ? { cold: await cold(found.engine, set) } : {}),
};
if (json) console.log(JSON.stringify(result, null, 2));
else {
  console.log(`images of Slurm ${result.slurm}`);
  if (result.cold)
    console.log(
      `  from nothing        ${result.cold.seconds.toFixed(0)} s, floor (mmdebstrap with the same packages) ${result.cold.floorSeconds.toFixed(0)} s: ${result.cold.ratio.toFixed(2)} times (goal 1.25)`,
    );
  console.log(
    `  nothing to do       ${result.warm.ms.toFixed(0)} ms for all releases, floor (node alone) ${result.warm.floorMs.toFixed(0)} ms (goal 300 ms)`,
  );
  console.log(`  all on disk         ${result.sizes.setMb} MB, layers that they share once (goal 450)`);
  for (const [role, size] of Object.entries(result.sizes.roles))
    console.log(`    ${role.padEnd(18)}${size.mb} MB, ${size.aboveCommonMb} MB of it its own`);
  console.log("  start to first line");
  for (const [role, time] of Object.entries(result.firstLine))
    console.log(
      `    ${role.padEnd(18)}${time.ms.toFixed(0)} ms, ${time.ratio.toFixed(1)} times an empty container`,
    );
}

/** A whole process that finds out that every image of every release is there. */
async function warm() {
  const work: number[] = [];
  const floor: number[] = [];
  for (let i = 0; i < RUNS; i++) {
    floor.push(await timed(() => execa(process.execPath, ["-e", "0"])));
    work.push(await timed(() => execa(process.execPath, [MAIN, "images", "build", "--slurm", "all"])));
  }
  return { ms: median(work), floorMs: median(floor), ratio: median(work) / median(floor) };
}

/** Sizes in MB (10^6 bytes) by layer, read off a saved set: what is really on a disk, shared layers once. */
async function sizes(engine: Engine, images: ImageSet) {
  const bytes = async (tags: readonly string[]) => {
    let sum = 0;
    for await (const chunk of await engine.saveImages(tags)) sum += (chunk as Buffer).length;
    return sum;
  };
  const mb = (size: number) => Math.round(size / 1e6);
  const common = await bytes([images.tags.client]);
  const roles: Record<string, { mb: number; aboveCommonMb: number }> = {};
  for (const role of IMAGE_ROLES) {
    const size = await bytes([images.tags[role]]);
    const together = await bytes([images.tags.client, images.tags[role]]);
    roles[role] = { mb: mb(size), aboveCommonMb: mb(together - common) };
  }
  return { setMb: mb(await bytes(Object.values(images.tags))), roles };
}

/** Milliseconds from the engine's start call to the first line, and the same of a container that only echoes. */
async function firstLines(engine: Engine, images: ImageSet) {
  const times: Record<string, { ms: number; ratio: number }> = {};
  for (const [role, argv] of Object.entries(DAEMONS)) {
    const tag = images.tags[role as keyof typeof DAEMONS];
    const [work, floor]: [number[], number[]] = [[], []];
    for (let i = 0; i < RUNS; i++) {
      floor.push(await firstLine(engine, tag, ["echo", "up"]));
      work.push(await firstLine(engine, tag, argv));
    }
    times[role] = { ms: median(work), ratio: median(work) / median(floor) };
  }
  return times;
}

const CONF = `mkdir -p /etc/slurm; printf 'ClusterName=x\\nSlurmctldHost=%s\\nSlurmUser=slurm\\nNodeName=%s\\nPartitionName=p Nodes=%s\\n' $(hostname) $(hostname) $(hostname) > /etc/slurm/slurm.conf
printf 'DbdHost=%s\\nSlurmUser=slurm\\nStorageType=accounting_storage/mysql\\n' $(hostname) > /etc/slurm/slurmdbd.conf
chown slurm /etc/slurm/slurmdbd.conf 2> /dev/null; chmod 600 /etc/slurm/slurmdbd.conf
exec "$@"`;

async function firstLine(engine: Engine, image: string, argv: readonly string[]): Promise<number> {
  const id = await engine.createContainer({
    name: `slurmlab-bench-${process.pid}`,
    hostname: "bench",
    image,
    labels: {},
    capabilities: ["CHOWN", "DAC_OVERRIDE", "FOWNER", "SETUID", "SETGID"],
    entrypoint: ["tini", "--", "sh", "-c", CONF, "run", ...argv],
  });
  try {
    const start = performance.now();
    await engine.startContainer(id);
    while ((await engine.containerLog(id)).trim() === "") {
      if (performance.now() - start > 20_000) throw new Error(`${argv.join(" ")} says nothing`);
    }
    return performance.now() - start;
  } finally {
    await engine.remove("container", id);
  }
}

/** On an engine with an empty folder: base, packages, everything; beside mmdebstrap with the very same packages. */
async function cold(engine: Engine, images: ImageSet) {
  const state = mkdtempSync(join(tmpdir(), "lab-"));
  const env = { SLURMLAB_STATE: state, DOCKER_HOST: undefined };
  try {
    const packages = [...(await packagesOf(engine, Object.values(images.tags))).keys()];
    const { debianMirror } = await import("../../images/src/base.ts");
    const mirror = await debianMirror();
    const floor = await timed(() =>
      execa("mmdebstrap", [
        "--variant=minbase",
        "--format=tar",
        '--aptopt=Acquire::Check-Valid-Until "false"',
        '--aptopt=APT::Install-Recommends "false"',
        "--dpkgopt=force-unsafe-io",
        `--include=${[...packages, "gcc", "libc6-dev", "make"].join(",")}`,
        images.base.suite,
        "/dev/null",
        ...(mirror ? [mirror] : []),
      ]),
    );
    await execa(process.execPath, [MAIN, "engine", "start", "--own"], { env });
    const own = { ...env, DOCKER_HOST: `unix://${state}/engine/docker.sock` };
    const work = await timed(() =>
      execa(process.execPath, [MAIN, "images", "build", "--slurm", images.slurm], { env: own }),
    );
    return { seconds: work / 1000, floorSeconds: floor / 1000, ratio: work / floor };
  } finally {
    await execa(process.execPath, [MAIN, "engine", "purge", "--force"], { env, reject: false });
    rmSync(state, { recursive: true, force: true });
  }
}

async function timed(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
