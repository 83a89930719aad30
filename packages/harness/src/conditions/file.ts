import type { Condition } from "./condition.ts";
import { matching } from "./matching.ts";
import { met, pending } from "./probe.ts";

export interface FileWish {
  readonly path: string;
  readonly node: string;
  /** Whether there is such a file or folder; true where only `matches` is given. */
  readonly exists?: boolean | undefined;
  readonly matches?: RegExp | undefined;
}

/** A file on a node to be there, not to be there, or to match. */
export function fileIs({ path, node, exists = true, matches }: FileWish): Condition<string> {
  const at = { node };
  if (matches) {
    return {
      title: `${path} on ${node} to match ${matches}`,
      at,
      argv: ["cat", path],
      judge: ({ code, output }) =>
        code === 0 && matching(matches, output)
          ? met(output)
          : pending(output.trim().slice(-500) || "it is empty"),
    };
  }
  return {
    title: `${path} on ${node} to be ${exists ? "there" : "gone"}`,
    at,
    argv: ["test", "-e", path],
    judge: ({ code }) => {
      const seen = code === 0 ? "it is there" : "it is not there";
      return (code === 0) === exists ? met(seen) : pending(seen);
    },
  };
}
