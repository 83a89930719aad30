import { listClusters, sweep } from "../../cluster/sweep.ts";
import { lookForEngine } from "../../engine/find.ts";
import { EXIT } from "../../errors/lab-error.ts";
import { terminal } from "../terminal.ts";

/** Removes what runs have left behind that are no more, and says what stays and why. */
export async function collect(): Promise<number> {
  const out = terminal({});
  const found = await lookForEngine(process.env);
  if (!found) {
    out.print("nothing to remove: no container engine runs");
    return EXIT.ok;
  }
  const { removed, failures } = await sweep(found.engine);
  for (const cluster of removed) out.print(`removed ${cluster.id}: its run is no more`);
  const gone = new Set(removed.map(({ id }) => id));
  const rest = (await listClusters(found.engine)).filter(({ id }) => !gone.has(id));
  for (const { id, state } of rest) out.print(`left ${id}: ${REASONS[state]}`);
  if (removed.length + rest.length === 0) out.print("nothing to remove");
  for (const failure of failures) out.note(`could not be removed: ${failure}`);
  return failures.length > 0 ? EXIT.broken : EXIT.ok;
}

const REASONS = {
  running: "its run goes on",
  kept: "kept, until `pnpm cluster down`",
  "left behind": "it could not be removed",
  "unknown owner": "made on another machine or in another container; `pnpm cluster down` removes it",
} as const;
