import { parseNodeState, parseRecords } from "../slurm/records.ts";
import type { RunEvent } from "./event.ts";

/**
 * One command for one look: the node's clock, then nodes, then jobs. A shell, since it takes two programs and `look`
 * runs one; nothing is put into its text. squeue is not asked when scontrol got no answer.
 */
export const STATES_COMMAND: readonly string[] = [
  "bash",
  "-c",
  'echo "$EPOCHREALTIME"; scontrol -o show node && squeue -h -t all -o "%i|%T|%r|%N|%j"',
];

/** What one look showed. */
export interface States {
  /** The node's clock, in milliseconds since 1970. */
  readonly clock: number | undefined;
  /** By name: `IDLE`, `DOWN+NOT_RESPONDING`, and Slurm's reason. */
  readonly nodes: ReadonlyMap<string, { readonly state: string; readonly reason: string }>;
  readonly jobs: ReadonlyMap<string, JobSeen>;
  /** What was said in place of an answer. */
  readonly silent: string | undefined;
}

interface JobSeen {
  readonly name: string;
  readonly state: string;
  readonly reason: string;
  readonly nodes: string;
}

export const NOTHING_SEEN: States = {
  clock: undefined,
  nodes: new Map(),
  jobs: new Map(),
  silent: undefined,
};

/** Pure: reads what {@link STATES_COMMAND} printed. */
export function parseStates(look: { readonly code: number; readonly output: string }): States {
  const [first = "", ...lines] = look.output.split("\n");
  const clock = Number(first.replace(",", "."));
  const records = parseRecords(lines.filter((line) => line.startsWith("NodeName=")).join("\n"));
  const nodes = records.map((record): [string, { state: string; reason: string }] => {
    const { base, flags } = parseNodeState(record.get("State") ?? "");
    // `Not responding [slurm@2026-11-22T06:00:00]`: who said so and when is not part of it.
    const reason = (record.get("Reason") ?? "").replace(/ \[\S+@\S+\]$/, "");
    return [record.get("NodeName") ?? "", { state: [base, ...flags].join("+"), reason }];
  });
  const jobs = lines.flatMap((line): Array<[string, JobSeen]> => {
    const [, id, state, reason, where, name] = /^(\S+)\|([A-Z_]+)\|([^|]*)\|([^|]*)\|(.*)$/.exec(line) ?? [];
    if (!id || !state) return [];
    return [
      [id, { name: name ?? "", state, reason: reason === "None" ? "" : (reason ?? ""), nodes: where ?? "" }],
    ];
  });
  const silent =
    look.code === 0 ? undefined : lines.findLast((line) => line.trim() !== "") || `exit code ${look.code}`;
  return {
    clock: first && Number.isFinite(clock) ? clock * 1000 : undefined,
    nodes: new Map(nodes),
    jobs: new Map(jobs),
    silent,
  };
}

/** Pure: what changed between two looks. A look that got no answer changes neither a node nor a job. */
export function changes(before: States, after: States, controller: string): RunEvent[] {
  const daemon = { kind: "daemon-state", node: controller, daemon: "slurmctld" } as const;
  if (after.silent !== undefined)
    return before.silent === undefined ? [{ ...daemon, to: "silent", how: after.silent }] : [];
  const answering: RunEvent[] = before.silent === undefined ? [] : [{ ...daemon, to: "answering" }];
  return [...answering, ...nodeChanges(before, after), ...jobChanges(before, after)];
}

/** What is known after a look: the last answer, and whether there was one this time. */
export function known(before: States, after: States): States {
  return after.silent === undefined ? after : { ...before, silent: after.silent };
}

function nodeChanges(before: States, after: States): RunEvent[] {
  return [...after.nodes].flatMap(([node, { state, reason }]): RunEvent[] => {
    const was = before.nodes.get(node);
    if (was?.state === state && was.reason === reason) return [];
    return [{ kind: "node-state", node, ...from(was?.state), to: state, ...(reason ? { reason } : {}) }];
  });
}

function jobChanges(before: States, after: States): RunEvent[] {
  return [...after.jobs].flatMap(([job, { name, state, reason, nodes }]): RunEvent[] => {
    const was = before.jobs.get(job);
    if (was?.state === state && was.reason === reason) return [];
    return [
      {
        kind: "job-state",
        job,
        name,
        ...from(was?.state),
        to: state,
        ...(reason ? { reason } : {}),
        ...(nodes ? { nodes } : {}),
      },
    ];
  });
}

function from(state: string | undefined): { from?: string } {
  return state === undefined ? {} : { from: state };
}
