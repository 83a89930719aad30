import { basename, dirname } from "node:path";
import type { Node } from "../cluster/node.ts";
import { LabError } from "../errors/lab-error.ts";
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
  const look = ["find", dirname(path), "-maxdepth", "1", "-name", basename(kept), "-printf", "%f\\n"];
  const found = await node.exec(look);
  if (found.stdout.trim() === basename(kept)) throw alreadyChanged(path, node.name);
  heals(`put back ${path} on ${node.name}`, async () => {
    const { code } = await node.exec(["test", "-e", kept]);
    if (code !== 0) return;
    // Copied and not moved: /etc/hosts is mounted, and cannot be replaced.
    await node.run(["cp", "--preserve=mode,ownership", kept, path]);
    await node.run(["rm", kept]);
  });
  await node.run(["cp", "--preserve=mode,ownership", path, kept]);
}

/** What is kept of a file is what it was before all faults: two on it could not be healed one by one. */
function alreadyChanged(path: string, node: string): LabError {
  return new LabError({
    kind: "failed",
    message: `another fault has changed ${path} on ${node}`,
    expected: "one fault at a time for a file",
    seen: `${path}${KEPT} is there`,
    hint: "heal the other fault first",
  });
}

/** Changes a text file, and registers that it is put back as it was. Rejects where there is nothing to change: a fault that does nothing proves nothing. */
export async function changeFile(
  node: Node,
  path: string,
  change: (text: string) => string,
  context: Pick<FaultContext, "heals">,
): Promise<void> {
  await keepFile(node, path, context);
  const text = await node.run(["cat", path]);
  const changed = change(text);
  if (changed === text) throw nothingChanged(path, node.name, text);
  await node.run(["tee", path], { stdin: changed });
}

function nothingChanged(path: string, node: string, text: string): LabError {
  return new LabError({
    kind: "broken",
    message: `the fault finds nothing in ${path} on ${node} that it would change`,
    expected: "the lines that it is about",
    // Not the text itself: it may have a password in it.
    seen: `${text.split("\n").length} lines, none of them written so`,
    where: `${node}:${path}`,
    hint: "a step or a specification has written it otherwise; leave that out, or use `shell` for the change",
  });
}
