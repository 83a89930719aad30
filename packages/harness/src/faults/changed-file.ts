import type { Node } from "../cluster/node.ts";
import type { FaultContext } from "./fault.ts";

/** Where the file is kept as it was. Beside it, so that it stays what it is: secrets never leave their node. */
const KEPT = ".slurmlab-kept";

/** Keeps a file as it is now, with owner and mode, and registers that it is put back. Whoever calls this may then change it. */
export async function keepFile(
  node: Node,
  path: string,
  { heals }: Pick<FaultContext, "heals">,
): Promise<void> {
  const kept = `${path}${KEPT}`;
  heals(`put back ${path} on ${node.name}`, async () => {
    const { code } = await node.exec(["test", "-e", kept]);
    if (code !== 0) return;
    // Copied and not moved: /etc/hosts is mounted, and cannot be replaced.
    await node.run(["cp", "--preserve=mode,ownership", kept, path]);
    await node.run(["rm", kept]);
  });
  await node.run(["cp", "--preserve=mode,ownership", path, kept]);
}

/** Changes a text file, and registers that it is put back as it was. */
export async function changeFile(
  node: Node,
  path: string,
  change: (text: string) => string,
  context: Pick<FaultContext, "heals">,
): Promise<void> {
  await keepFile(node, path, context);
  const text = await node.run(["cat", path]);
  await node.run(["tee", path], { stdin: change(text) });
}
