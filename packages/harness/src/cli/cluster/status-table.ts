import { compressHostlist } from "@slurmlab/config-gen";
import type { Terminal } from "../terminal.ts";

export interface DaemonStatus {
  readonly name: string;
  readonly up: boolean;
  /** Since when it is so, in seconds. */
  readonly seconds: number;
}

export interface NodeStatus {
  readonly name: string;
  readonly roles: readonly string[];
  /** As the engine says: running, paused, exited. */
  readonly container: string;
  readonly daemons: readonly DaemonStatus[];
  /** The node's state as slurmctld says: IDLE, DOWN+NOT_RESPONDING. Workers only. */
  readonly slurm?: string;
  readonly reason?: string;
  /** Of a machine that nodes share: the state of each, as slurmctld says. */
  readonly packed?: Readonly<Record<string, string | undefined>>;
}

export interface ClusterStatus {
  readonly id: string;
  readonly slurm: string;
  readonly state: string;
  /** When it was made, RFC 3339. */
  readonly since: string;
  /** What `scontrol ping` says, by lines. */
  readonly controller: readonly string[];
  /** How many jobs are in the queue, by state. */
  readonly jobs: Readonly<Record<string, number>>;
  readonly nodes: readonly NodeStatus[];
}

/** Pure: reads what runit's `sv status` prints. */
export function parseDaemons(printed: string): DaemonStatus[] {
  return printed.split("\n").flatMap((line) => {
    const [, what, name, seconds] =
      /^(run|down|finish): (?:\S*\/)?([\w-]+): (?:\(pid \d+\) )?(\d+)s/.exec(line) ?? [];
    return name === undefined ? [] : [{ name, up: what === "run", seconds: Number(seconds) }];
  });
}

/** A state in which a worker can take jobs. */
const SERVES = /^(IDLE|MIXED|ALLOCATED|COMPLETING)(\+(COMPLETING|RESERVED|PLANNED|CLOUD|POWERED_UP))*$/;

export function isWell({ nodes, controller }: ClusterStatus): boolean {
  return controller.some((line) => / is UP$/.test(line)) && nodes.every(isWellNode);
}

function isWellNode({ container, daemons, slurm, packed = {} }: NodeStatus): boolean {
  const states = slurm === undefined ? Object.values(packed) : [slurm];
  return (
    container === "running" &&
    daemons.every(({ up }) => up) &&
    states.every((state) => state !== undefined && SERVES.test(state))
  );
}

/** By name; those of nodes that share a machine as a hostlist. */
function daemonsShown(daemons: readonly DaemonStatus[]): string {
  const isShared = ({ name, up }: DaemonStatus) => up && name.startsWith("slurmd-");
  const shared = compressHostlist(daemons.filter(isShared).map(({ name }) => name));
  const others = daemons
    .filter((daemon) => !isShared(daemon))
    .map(({ name, up, seconds }) => (up ? name : `${name} DOWN for ${seconds} s`));
  return [...others, shared].filter(Boolean).join(" ");
}

/** `IDLE`, and of nodes that share a machine how many are in which state: `248 IDLE, 2 DOWN`. */
function statesShown({ slurm, reason, packed }: NodeStatus): string {
  if (!packed) return [slurm ?? "", reason ? `(${reason})` : ""].filter(Boolean).join(" ");
  const counted = Map.groupBy(Object.values(packed), (state) => state ?? "unknown");
  return [...counted].map(([state, all]) => `${all.length} ${state}`).join(", ");
}

/** One line a node, and three above for the whole. */
export function formatStatus(status: ClusterStatus, colors: Terminal["colors"]): string {
  const jobs = Object.entries(status.jobs).map(([state, count]) => `${count} ${state}`);
  const rows = status.nodes.map((node) => [
    node.name,
    node.roles.join(","),
    node.container,
    daemonsShown(node.daemons),
    statesShown(node),
  ]);
  const all = [["node", "roles", "container", "daemons", "slurmctld says"], ...rows];
  const widths = all[0]?.map((_, i) => Math.max(...all.map((row) => (row[i] ?? "").length))) ?? [];
  const lines = all.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  const [head = "", ...body] = lines;
  return [
    `${status.id}  Slurm ${status.slurm}  ${status.state}  since ${status.since}`,
    ...status.controller.map((line) => (/ is UP$/.test(line) ? line : colors.red(line))),
    `jobs: ${jobs.join(", ") || "none"}`,
    "",
    colors.bold(head),
    ...body.map((line, i) => {
      const node = status.nodes[i];
      return node && !isWellNode(node) ? colors.red(line) : line;
    }),
  ].join("\n");
}
