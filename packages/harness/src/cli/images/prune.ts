import { prunable } from "@slurmlab/images";
import { EXIT, messageOf } from "../../errors/lab-error.ts";
import { terminal } from "../terminal.ts";
import { imageEngine, megabytes, wantedTags } from "./sets.ts";

export interface PruneOptions {
  readonly all?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** `images prune`: what no release of this checkout needs. What a container uses stays, and is said. */
export async function prune(options: PruneOptions): Promise<number> {
  const out = terminal(options);
  const { engine } = await imageEngine(out);
  const found = prunable(await engine.listImages(), wantedTags(engine.architecture), {
    all: options.all ?? false,
  });
  const removed: string[] = [];
  const kept: Array<{ name: string; because: string }> = [];
  for (const { name } of options.dryRun ? [] : found) {
    try {
      await engine.removeImage(name);
      removed.push(name);
    } catch (error) {
      kept.push({ name, because: messageOf(error) });
    }
  }
  if (options.json) {
    out.print(JSON.stringify({ found, removed, kept }, null, 2));
    return kept.length > 0 ? EXIT.broken : EXIT.ok;
  }
  const verb = options.dryRun ? "would remove" : "removed";
  for (const { name, why, size } of found.filter((each) => !kept.some((one) => one.name === each.name)))
    out.print(`${verb} ${name} (${megabytes(size)}): ${why}`);
  for (const { name, because } of kept) out.print(`kept ${name}: ${because}`);
  if (found.length === 0) out.print("nothing to remove");
  return kept.length > 0 ? EXIT.broken : EXIT.ok;
}
