import { expandHostlist, HostlistError } from "../slurm/hostlist.ts";
import type { ConfLine, Setting } from "./conf-file.ts";
import type { Site } from "./site.ts";

/** One element of a node's `Gres=`: `gpu:a100:4(S:0-1)`. */
export interface NodeGres {
  readonly name: string;
  readonly type: string | undefined;
  readonly count: number;
  /** What stands after the name, `1` where nothing does. */
  readonly text: string;
}

/** A line of gres.conf. */
export interface GresLine {
  readonly line: ConfLine;
  readonly name: string | undefined;
  readonly type: string | undefined;
  /** How many it makes: `Count`, else one for each file, else 1. NaN when it cannot be told. */
  readonly count: number;
  readonly files: readonly string[];
  /** The nodes that it is for; undefined for all of them. */
  readonly nodes: ReadonlySet<string> | undefined;
  readonly get: (key: string) => Setting | undefined;
}

/** Reads `4`, `2K`, `2KiB`, `2KB` (a thousand each, suffix_mult()); NaN for what is no count. */
export function gresCount(text: string): number {
  const match = /^(\d+)(?:([kmgtp])(i?b)?)?$/i.exec(text);
  if (!match) return Number.NaN;
  const power = match[2] ? "kmgtp".indexOf(match[2].toLowerCase()) + 1 : 0;
  return Number(match[1]) * (match[3]?.toLowerCase() === "b" ? 1000 : 1024) ** power;
}

/** The elements of a `Gres=` value; without a count there is one of it. */
export function parseNodeGres(value: string): NodeGres[] {
  return value
    .replace(/\([^()]*\)/g, "")
    .split(",")
    .filter((part) => part !== "")
    .map((part) => {
      const [name = "", ...words] = part.split(":");
      const rest = words.filter((word) => word.toLowerCase() !== "no_consume");
      const last = rest.at(-1);
      const counted = last !== undefined && /^\d/.test(last) && !Number.isNaN(gresCount(last));
      // With one word after the name, a word that is no number is a type: `gpu:tesla`.
      const type = counted ? rest.slice(0, -1).join(":") : rest.join(":");
      const text = words.join(":") || "1";
      return { name, type: type === "" ? undefined : type, count: counted ? gresCount(last) : 1, text };
    });
}

/** The lines of gres.conf that define something, in order. */
export function gresLines(site: Site): GresLine[] {
  const lines = site.confs.get("gres.conf")?.lines ?? [];
  return lines.filter((line) => line.record).map(toGresLine);
}

function toGresLine(line: ConfLine): GresLine {
  const get = (key: string) => line.attributes.findLast((each) => each.key.toLowerCase() === key);
  const byNode = line.key.toLowerCase() === "nodename";
  const files = filesOf((get("file") ?? get("files"))?.value);
  const several = get("multiplefiles") !== undefined;
  const count = get("count")?.value;
  return {
    line,
    name: byNode ? get("name")?.value : line.value,
    type: get("type")?.value,
    files,
    count: count !== undefined ? gresCount(count) : several ? 1 : Math.max(files.length, 1),
    nodes: byNode ? new Set(expanded(line.value)) : undefined,
    get,
  };
}

/** `/dev/nvidia[0-3]` is four files. */
function filesOf(value: string | undefined): readonly string[] {
  return value === undefined ? [] : expanded(value);
}

function expanded(expression: string): readonly string[] {
  try {
    return expandHostlist(expression);
  } catch (error) {
    if (error instanceof HostlistError) return [expression];
    throw error;
  }
}
