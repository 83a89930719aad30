import { listClusters, removeCluster } from "../../cluster/sweep.ts";
import { lookForEngine } from "../../engine/find.ts";
import { EXIT, LabError } from "../../errors/lab-error.ts";
import { terminal } from "../terminal.ts";
import { clusterCalled } from "./found.ts";

export async function down(ids: readonly string[], options: { all?: boolean }): Promise<number> {
  const out = terminal({});
  if (ids.length === 0 && !options.all) {
    throw new LabError({
      kind: "bad-input",
      message: "which cluster?",
      hint: "name one (`pnpm cluster list`), or give --all",
    });
  }
  const found = await lookForEngine(process.env);
  const clusters = found ? await listClusters(found.engine) : [];
  const called = ids.map((id) => clusterCalled(id, clusters));
  if (!found) return EXIT.ok;
  const failures: string[] = [];
  for (const cluster of options.all ? clusters : new Set(called)) {
    const left = await removeCluster(found.engine, cluster);
    failures.push(...left);
    out.print(left.length === 0 ? `removed ${cluster.id}` : `not all of ${cluster.id} is gone`);
  }
  for (const failure of failures) out.note(`could not be removed: ${failure}`);
  return failures.length > 0 ? EXIT.broken : EXIT.ok;
}
