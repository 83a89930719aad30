import { type GpuDetection, type Ground, since } from "@slurmlab/config-gen";
import type { ContainerSpec, Engine } from "../engine/engine.ts";
import type { Labels } from "../engine/labels.ts";
import { LabError, messageOf } from "../errors/lab-error.ts";
import { COMMON_CAPABILITIES } from "./roles.ts";

/** What the machine under the engine allows, and why not where it does not. */
export interface Facts {
  readonly cgroup: Ground["cgroup"];
  readonly cgroupWhy: string;
  /** Major number for mock GPU devices, or why there can be none. */
  readonly mockGpus: { readonly major: number } | { readonly why: string };
  /** Why slurmd cannot find mock GPUs in these ways; nothing of those that work. */
  readonly undetectable: Readonly<Partial<Record<GpuDetection, string>>>;
  /** Why no node can mount NFS; undefined where one can, and where that was not asked. */
  readonly noNfs?: string;
  /** Limit of open files to set on nodes; undefined where the engine's own is sane. */
  readonly openFiles?: number;
  /** Models of the host's NVIDIA GPUs, by index. Empty without a driver. */
  readonly hostGpus: readonly string[];
  /** How many of them a container can really be given, or why none: a driver alone is not enough. */
  readonly realGpus: { readonly count: number } | { readonly why: string };
}

/** What Slurm's own systemd unit gives slurmd, the one that needs most. */
const MAX_OPEN_FILES = 131_072;

/** No card has this number, so that opening it does nothing where the driver is loaded. */
const TRIED_DEVICE = { major: 195, minor: 200 };
const tried = `${TRIED_DEVICE.major} ${TRIED_DEVICE.minor}`;

/** Asks the image's own script, and then whether the engine lets a container open the device that it was given a rule for. */
const GROUND = `/usr/lib/slurmlab/ground || exit
! mknod /tmp/tried c ${tried} 2> /dev/null || echo "device_rule=$(cat /tmp/tried 2>&1)"`;

interface Probe {
  readonly name: string;
  readonly image: string;
  readonly labels: Labels;
  /** Whether it matters if a node can mount NFS. */
  readonly nfs?: boolean;
}

/**
 * Asks the engine by running a throw-away container with what a worker would have; where that sees an NVIDIA driver,
 * a second one that is given the GPUs. `gone` settles when nothing of them is left: a cluster need not wait for that to
 * start.
 */
export async function probeGround(
  engine: Engine,
  probe: Probe,
): Promise<{ readonly facts: Facts; readonly gone: Promise<void> }> {
  const seen = await runOnce(engine, {
    ...container(probe),
    capabilities: [...COMMON_CAPABILITIES, "SYS_ADMIN", "MKNOD"],
    mounts: true,
    ...(probe.nfs ? { env: { SLURMLAB_PROBE_NFS: "yes" } } : {}),
    deviceRules: [`c ${TRIED_DEVICE.major}:${TRIED_DEVICE.minor} rwm`],
    entrypoint: ["sh", "-c", GROUND],
  });
  if (seen.code !== 0) {
    await seen.gone;
    throw new LabError({
      kind: "broken",
      message: "the engine could not run a probe container",
      seen: `exit ${seen.code}\n${seen.log}`,
    });
  }
  const facts = parseFacts(seen.log);
  if (facts.hostGpus.length === 0) return { facts, gone: seen.gone };
  await seen.gone;
  return {
    facts: { ...facts, realGpus: await probeGpus(engine, probe, facts.hostGpus) },
    gone: Promise.resolve(),
  };
}

/** Whether the engine gives GPUs to a container, and they work there: NVIDIA's toolkit brings nvidia-smi along. */
async function probeGpus(
  engine: Engine,
  probe: Probe,
  hostGpus: readonly string[],
): Promise<Facts["realGpus"]> {
  if (!engine.facts.gpuDriver) return { why: "the engine has no NVIDIA container toolkit" };
  try {
    const gpus = hostGpus.map((_, index) => index);
    const seen = await runOnce(engine, {
      ...container(probe),
      capabilities: [],
      gpus,
      entrypoint: ["nvidia-smi", "-L"],
    });
    await seen.gone;
    const count = seen.log.split("\n").filter((line) => line.startsWith("GPU ")).length;
    return seen.code === 0 && count > 0
      ? { count }
      : { why: `nvidia-smi fails in a container: ${seen.log.trim()}` };
  } catch (error) {
    return { why: `the engine cannot give them to a container: ${messageOf(error)}` };
  }
}

function container(probe: Probe): Pick<ContainerSpec, "name" | "hostname" | "image" | "labels"> {
  return { name: probe.name, hostname: "ground", image: probe.image, labels: probe.labels };
}

async function runOnce(
  engine: Engine,
  spec: ContainerSpec,
): Promise<{ code: number; log: string; gone: Promise<void> }> {
  const id = await engine.createContainer(spec);
  const remove = () => engine.remove("container", id);
  try {
    await engine.startContainer(id);
    const code = await engine.waitForExit(id);
    const log = await engine.containerLog(id);
    const gone = remove();
    gone.catch(() => {}); // whoever needs it to be gone waits for it
    return { code, log, gone };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Reads the KEY=VALUE lines of /usr/lib/slurmlab/ground. */
export function parseFacts(log: string): Facts {
  const all = log
    .split("\n")
    .filter((line) => line.includes("="))
    .map((line): [string, string] => [
      line.slice(0, line.indexOf("=")),
      line.slice(line.indexOf("=") + 1).trim(),
    ]);
  const values = new Map(all);
  const cgroup = values.get("cgroup");
  const limit = values.get("open_files");
  const openFiles = limit === "unlimited" ? Number.POSITIVE_INFINITY : Number(limit ?? 0);
  return {
    cgroup: cgroup === "v1" || cgroup === "v2" ? cgroup : "none",
    // Nothing stands behind the colon where the refusal had no words.
    cgroupWhy: (values.get("cgroup_why") ?? "").replace(/:$/, ""),
    mockGpus: mockGpusBy(values),
    undetectable: {
      ...reason("nvml", values.get("nvml")),
      ...reason("nvidia", values.get("nvidia")),
    },
    ...(values.has("no_nfs") ? { noNfs: values.get("no_nfs") ?? "" } : {}),
    // An engine may hand down 2^30, and Slurm 20.11 closes every possible descriptor one by one. Never raised: an
    // engine without CAP_SYS_RESOURCE cannot.
    ...(openFiles > MAX_OPEN_FILES ? { openFiles: MAX_OPEN_FILES } : {}),
    hostGpus: all.filter(([key]) => key === "host_gpu").map(([, model]) => model),
    realGpus: { why: "the host has no NVIDIA driver loaded" },
  };
}

function mockGpusBy(values: ReadonlyMap<string, string>): Facts["mockGpus"] {
  if (values.get("mknod") !== "yes")
    return { why: values.get("mknod_why") ?? "device nodes cannot be made in a container here" };
  // Without a driver an opened device is no device; one that no rule is for is not permitted.
  if (/not permitted/i.test(values.get("device_rule") ?? ""))
    return { why: "the engine gives a container no device that is asked for by DeviceCgroupRules" };
  return { major: Number(values.get("gpu_major")) };
}

/** `yes`, or `no: REASON`. */
function reason(way: GpuDetection, said: string | undefined): Facts["undetectable"] {
  return said?.startsWith("no: ") ? { [way]: said.slice("no: ".length) } : {};
}

/** The cgroup version that a release can use: Slurm before 22.05 knows v1 only, and its slurmd does not start on v2. */
export function cgroupFor(slurm: string, cgroup: Ground["cgroup"]): Ground["cgroup"] {
  return cgroup === "v2" && !since(slurm, "22.05") ? "none" : cgroup;
}

/** What of a machine a release can use. */
export function factsFor(slurm: string, facts: Facts): Facts {
  if (cgroupFor(slurm, facts.cgroup) === facts.cgroup) return facts;
  return { ...facts, cgroup: "none", cgroupWhy: `the host has cgroup v2, and Slurm ${slurm} knows only v1` };
}
