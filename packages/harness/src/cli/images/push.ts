import { EXIT, LabError, messageOf } from "../../errors/lab-error.ts";
import { terminal } from "../terminal.ts";
import { imageEngine, slurmsNamed } from "./sets.ts";

export interface PushOptions {
  readonly slurm: readonly string[];
  readonly to: string;
  readonly json?: boolean;
}

/** `images push`: to a registry, under the tag that says all and under the release's plain one. */
export async function push(options: PushOptions): Promise<number> {
  if (!/^[a-z0-9][a-z0-9._:/-]*[a-z0-9]$/.test(options.to))
    throw new LabError({
      kind: "bad-input",
      message: `${options.to} names no place in a registry`,
      expected: "HOST[:PORT]/PATH in lower case, such as registry.example/slurm",
      where: "--to",
    });
  const releases = slurmsNamed(options.slurm);
  const out = terminal(options);
  const { engine } = await imageEngine(out);
  const pushed: string[] = [];
  const { signal } = new AbortController();
  for (const release of releases) {
    const { tags } = await release.images(engine);
    for (const [role, tag] of Object.entries(tags)) {
      for (const version of [tag.slice(tag.indexOf(":") + 1), release.slurm]) {
        const reference = `${options.to}/${role}:${version}`;
        await engine.tagImage(tag, reference);
        try {
          await engine.pushImage(reference, () => {}, signal);
        } catch (error) {
          throw new LabError({
            kind: "broken",
            message: `${reference} could not be pushed`,
            seen: messageOf(error),
            hint: "slurmlab has no credentials of its own: for a registry that wants some, tag and push with your engine's own client",
            cause: error,
          });
        } finally {
          await engine.untagImage(reference);
        }
        pushed.push(reference);
        if (!options.json) out.print(`pushed ${reference}`);
      }
    }
  }
  if (options.json) out.print(JSON.stringify({ pushed }, null, 2));
  return EXIT.ok;
}
