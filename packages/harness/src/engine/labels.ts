import { existsSync, readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

/** Everything we make carries `slurmlab` and these; state lives here and nowhere else. */
export const LABEL = {
  tool: "slurmlab",
  cluster: "slurmlab.cluster",
  /** What a person calls the cluster (`cluster up --name`). */
  name: "slurmlab.name",
  node: "slurmlab.node",
  roles: "slurmlab.roles",
  /** On a container that several nodes share: their names, as a hostlist. */
  packed: "slurmlab.packed",
  /** On a container with a mount over its network: it is not taken off that before it has ended. */
  mounts: "slurmlab.mounts",
  slurm: "slurmlab.slurm",
  /** On a container that joined a node for an upgrade: the release that it brought. */
  upgrade: "slurmlab.upgrade",
  /** On the container that says that a cluster's workers are being changed: by which process. */
  scale: "slurmlab.scale",
  scenario: "slurmlab.scenario",
  owner: "slurmlab.owner",
  created: "slurmlab.created",
  keep: "slurmlab.keep",
} as const;

export type Labels = Readonly<Record<string, string>>;

/**
 * This process, named so that another process can tell whether it still lives: machine, boot, pid name space,
 * pid, and the time it started (a pid alone is used again).
 */
export function ownerOf(pid: number): string {
  return [machine(), String(pid), startTime(pid) ?? "unknown"].join("/");
}

/** Whether the owner in a label lives, is dead, or cannot be known from here (another machine, another container). */
export function ownerState(owner: string): "alive" | "dead" | "unknown" {
  const [host, space, pid, started] = owner.split("/");
  if (`${host}/${space}` !== machine() || !pid || !started || started === "unknown") return "unknown";
  return startTime(Number(pid)) === started ? "alive" : "dead";
}

function machine(): string {
  const boot = readOr("/proc/sys/kernel/random/boot_id", "").trim().slice(0, 8);
  return `${hostname()}-${boot}/${linkOr("/proc/self/ns/pid", "pid")}`;
}

/** Field 22 of /proc/PID/stat: clock ticks after boot. Undefined when there is no such process. */
function startTime(pid: number): string | undefined {
  if (!existsSync("/proc/self/stat")) return process.platform === "linux" ? undefined : signalable(pid);
  const stat = readOr(`/proc/${pid}/stat`, "");
  // The command's name, in brackets, may contain anything; what follows the last bracket is regular.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return fields[0] === "Z" || fields.length < 20 ? undefined : fields[19];
}

/** Where there is no /proc (macOS): only whether a process with this pid is there. */
function signalable(pid: number): string | undefined {
  try {
    process.kill(pid, 0);
    return "running";
  } catch {
    return undefined;
  }
}

function readOr(path: string, otherwise: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return otherwise;
  }
}

function linkOr(path: string, otherwise: string): string {
  try {
    return readlinkSync(path).replace(/[^a-z0-9]/g, "");
  } catch {
    return otherwise;
  }
}
