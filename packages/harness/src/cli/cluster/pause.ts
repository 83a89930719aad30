import { EXIT } from "../../errors/lab-error.ts";
import { terminal } from "../terminal.ts";
import { findCluster } from "./found.ts";

/** Freezes every node of a cluster, or lets them go on: a cluster that nobody looks at takes no processor. */
export async function pauseCluster(id: string | undefined, action: "pause" | "resume"): Promise<number> {
  const { engine, cluster } = await findCluster(id);
  const containers = cluster.parts.filter((part) => part.kind === "container");
  const change = (container: string) =>
    action === "pause" ? engine.pauseContainer(container) : engine.unpauseContainer(container);
  // Those that have ended cannot be frozen, and are left as they are.
  const going = containers.filter(({ state }) => state === "running" || state === "paused");
  await Promise.all(going.map((container) => change(container.id)));
  const again = action === "pause" ? `; it goes on with: pnpm cluster resume ${cluster.id}` : "";
  terminal({}).print(
    `${action === "pause" ? "paused" : "resumed"} ${cluster.id}: ${going.length} containers${again}`,
  );
  return EXIT.ok;
}
