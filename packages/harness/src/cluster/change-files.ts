import type { ConfigFile } from "@slurmlab/config-gen";
import type { Cluster } from "./cluster.ts";
import { filesFor } from "./files.ts";

/** Changes generated files on every machine that has them, as they stand there now. Those that stay the same are not written. */
export async function changeFiles(
  cluster: Pick<Cluster, "nodes" | "bundle" | "signal">,
  wanted: (file: ConfigFile) => boolean,
  change: (text: string) => string,
): Promise<void> {
  const { signal } = cluster;
  await Promise.all(
    cluster.nodes.map(async (node) => {
      for (const { path } of filesFor(node.plan, cluster.bundle).filter(wanted)) {
        const text = await node.run(["cat", path], { signal });
        const stdin = change(text);
        // `tee` keeps the file's owner and mode.
        if (stdin !== text) await node.run(["tee", path], { signal, stdin });
      }
    }),
  );
}
