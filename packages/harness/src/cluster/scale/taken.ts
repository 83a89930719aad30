import { parseNodeState, parseRecords } from "../../slurm/records.ts";

/** Nodes by what has to be done so that no job is on them. One that is DOWN, or drained and empty, is in neither: it stays as it is. */
export interface Takers {
  /** They take jobs, and are to take some again when all this is undone. */
  readonly open: readonly string[];
  /** Somebody has drained them, and jobs are on them still: by name, the reason as he gave it. */
  readonly draining: ReadonlyMap<string, string>;
}

/** Pure: judges what `scontrol -o show node` printed. */
export function takersOf(shown: string, names: readonly string[]): Takers {
  const open: string[] = [];
  const draining = new Map<string, string>();
  for (const node of parseRecords(shown)) {
    const name = node.get("NodeName") ?? "";
    if (!names.includes(name)) continue;
    const { base, flags } = parseNodeState(node.get("State") ?? "");
    if (base === "DOWN") continue;
    if (!flags.includes("DRAIN")) open.push(name);
    else if (base !== "IDLE" || flags.includes("COMPLETING"))
      // Behind it Slurm shows who gave it, and when.
      draining.set(name, (node.get("Reason") ?? "").replace(/ \[[^[\]]*@[^[\]]*\]$/, ""));
  }
  return { open, draining };
}
