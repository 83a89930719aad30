import { setTimeout as pause } from "node:timers/promises";
import type { Engine, ExecResult } from "../../engine/engine.ts";
import { EXIT, messageOf } from "../../errors/lab-error.ts";
import { parseNodeState, parseRecords, type SlurmRecord } from "../../slurm/records.ts";
import { terminal } from "../terminal.ts";
import { type FoundNode, findCluster, nodesOf } from "./found.ts";
import { type ClusterStatus, formatStatus, isWell, type NodeStatus, parseDaemons } from "./status-table.ts";

/** How long a node may take to answer, in milliseconds: a paused slurmctld must not hold up the table. */
const LOOK_MS = 5_000;

/** Pause between two tables, in milliseconds. */
const EVERY_MS = 1_000;

/** The cluster's nodes, daemons and jobs as they are now. Exit code 1 when something is not well. */
export async function status(
  id: string | undefined,
  options: { readonly json?: boolean; readonly watch?: boolean },
): Promise<number> {
  const out = terminal(options);
  for (;;) {
    const seen = await look(id);
    const well = isWell(seen);
    if (options.json) out.print(JSON.stringify({ ...seen, well }, null, 2));
    else {
      if (options.watch && out.interactive) out.clear();
      out.print(formatStatus(seen, out.colors));
    }
    if (!options.watch || !out.interactive) return well ? EXIT.ok : EXIT.failed;
    await pause(EVERY_MS);
  }
}

async function look(id: string | undefined): Promise<ClusterStatus> {
  const { engine, cluster } = await findCluster(id);
  const nodes = nodesOf(cluster);
  const states = new Map(cluster.parts.map((part) => [part.id, part.state ?? "unknown"]));
  const asked = nodes.find(({ roles }) => roles.includes("slurmctld")) ?? nodes[0];
  const ask = (...argv: string[]) => (asked ? answer(engine, asked, argv) : undefined);
  const [ping, slurmNodes, jobs, each] = await Promise.all([
    ask("scontrol", "ping"),
    ask("scontrol", "-o", "show", "node"),
    ask("squeue", "--noheader", "--format=%T"),
    Promise.all(nodes.map((node) => statusOf(engine, node, states.get(node.container) ?? "unknown"))),
  ]);
  const told = new Map(
    parseRecords(slurmNodes?.stdout ?? "").map((record) => [record.get("NodeName"), record]),
  );
  const count = Map.groupBy((jobs?.stdout ?? "").split("\n").filter(Boolean), (state) => state);
  return {
    id: cluster.id,
    slurm: cluster.slurm,
    state: cluster.state,
    since: cluster.created,
    controller: (ping?.stdout || ping?.stderr || "slurmctld was not asked").trim().split("\n"),
    jobs: Object.fromEntries([...count].map(([state, all]) => [state, all.length])),
    nodes: each.map((node, i) => {
      const sharing = nodes[i]?.packed ?? [];
      if (sharing.length > 0)
        return {
          ...node,
          packed: Object.fromEntries(sharing.map((name) => [name, stateIn(told.get(name))])),
        };
      const record = told.get(node.name);
      const reason = record?.get("Reason");
      const slurm = stateIn(record);
      return { ...node, ...(slurm ? { slurm } : {}), ...(reason ? { reason } : {}) };
    }),
  };
}

function stateIn(record: SlurmRecord | undefined): string | undefined {
  const { base, flags } = parseNodeState(record?.get("State") ?? "");
  return base === "" ? undefined : [base, ...flags].join("+");
}

async function statusOf(engine: Engine, node: FoundNode, container: string): Promise<NodeStatus> {
  const { name, roles } = node;
  if (container !== "running") return { name, roles, container, daemons: [] };
  const { stdout, stderr } = await answer(engine, node, ["bash", "-c", "sv status /run/sv/*"]);
  const daemons = parseDaemons(stdout);
  return {
    name,
    roles,
    container: daemons.length > 0 ? container : `${container}: ${stderr.trim()}`,
    daemons,
  };
}

/** What a program says; that it could not be run, or took too long, is an answer too. */
async function answer(engine: Engine, node: FoundNode, argv: readonly string[]): Promise<ExecResult> {
  const signal = AbortSignal.timeout(LOOK_MS);
  return await engine.exec(node.container, argv, { signal }).catch((error: unknown) => ({
    code: -1,
    stdout: "",
    stderr: signal.aborted ? `no answer within ${LOOK_MS / 1000} s` : messageOf(error),
  }));
}
