import { nearest } from "../../nearest.ts";
import type { Problem } from "../../problem.ts";
import type { Setting } from "../../read/conf-file.ts";
import { type GresLine, gresLines, type NodeGres, parseNodeGres } from "../../read/gres.ts";
import { type SiteNodes, settingOf, textOf } from "../../read/site.ts";
import { compressHostlist } from "../../slurm/hostlist.ts";
import { nodeNames, some } from "../names.ts";
import { errorAt, type Subject, warningAt } from "../rule.ts";

/** slurm.conf's `Gres=` and `GresTypes=` against gres.conf. */
export function* gres({ site }: Subject): Generator<Problem> {
  const lines = gresLines(site);
  const types = (textOf(site, "GresTypes") ?? "").toLowerCase().split(",").filter(Boolean);
  yield* gresTypes(site, types);
  yield* gresConf(lines, types, nodeNames(site));
  const everywhere = autodetects(textOf(site, "AutoDetect", "gres.conf"));
  const parsed = new Map<string, readonly NodeGres[]>();
  for (const node of site.nodes) {
    const value = node.said.get("gres")?.value;
    if (value === undefined) continue;
    const elements = parsed.get(value) ?? parseNodeGres(value);
    parsed.set(value, elements);
    for (const wanted of elements) {
      if (!types.includes(wanted.name.toLowerCase())) yield missingType(wanted, node, types);
      else yield* compare({ wanted, node, lines, autodetect: everywhere });
    }
  }
}

/** The setting of a node that has one. */
function settingOfNode(node: SiteNodes): Setting {
  return node.settings.get("gres") ?? node.line;
}

/** GRES that share a GPU. */
const SHARED = ["mps", "shard"];

function* gresTypes(site: Subject["site"], types: readonly string[]): Generator<Problem> {
  const setting = settingOf(site, "GresTypes");
  const shared = types.find((type) => SHARED.includes(type));
  if (!setting || !shared || types.includes("gpu")) return;
  yield errorAt(setting, {
    code: "gres-types",
    message: `GresTypes has ${shared}, which shares GPUs, but no gpu`,
    hint: `write GresTypes=gpu,${types.join(",")}`,
    says: "GresTypes: gres/'shared' requires that gres/gpu also be configured",
  });
}

function missingType(wanted: NodeGres, node: SiteNodes, types: readonly string[]): Problem {
  const near = nearest(wanted.name, types);
  return errorAt(settingOfNode(node), {
    code: "gres-types",
    message:
      types.length === 0
        ? `GresTypes is not set, so ${wanted.name} is no GRES`
        : `GresTypes has no ${wanted.name}`,
    hint: near ? `did you mean ${near}?` : `write GresTypes=${[...types, wanted.name].join(",")}`,
    says: `Invalid GRES configured on node ${node.name}: ${wanted.name}${wanted.type ? `:${wanted.type}` : ""}:${wanted.count}`,
  });
}

function* gresConf(
  lines: readonly GresLine[],
  types: readonly string[],
  known: ReadonlySet<string>,
): Generator<Problem> {
  for (const each of lines) {
    if (each.name !== undefined && !types.includes(each.name.toLowerCase())) {
      const at = each.get("name") ?? each.line;
      yield errorAt(at, {
        code: "gres-types",
        message:
          types.length === 0 ? "slurm.conf sets no GresTypes" : `GresTypes of slurm.conf has no ${each.name}`,
        hint: `write GresTypes=${[...types, each.name].join(",")} in slurm.conf`,
        says: `Ignoring gres.conf record, invalid name: ${each.name}`,
      });
    }
    const strangers = [...(each.nodes ?? [])].filter((name) => !known.has(name));
    if (strangers.length > 0 && known.size > 0) {
      const message = `${some(strangers)} ${strangers.length === 1 ? "is" : "are"} defined in no NodeName line of slurm.conf`;
      yield warningAt(each.line, {
        code: "unknown-node",
        message,
        hint: "a typing error, or a node that has gone",
      });
    }
    yield* files(each);
  }
}

function* files(each: GresLine): Generator<Problem> {
  const [count, file, many] = [
    each.get("count"),
    each.get("file") ?? each.get("files"),
    each.get("multiplefiles"),
  ];
  if (count && Number.isNaN(each.count)) {
    const says = `Invalid GRES record for ${each.name}, invalid count ${count.value}`;
    yield errorAt(count, {
      code: "gres-count",
      message: `expected a count, seen "${count.value}"`,
      hint: "a number, with K, M, G if need be",
      says,
    });
  } else if (
    count &&
    file &&
    each.files.length !== each.count &&
    !SHARED.includes((each.name ?? "").toLowerCase())
  ) {
    const says = `Invalid GRES record for ${each.name}, count does not match File value`;
    const message = `Count=${count.value}, and File names ${each.files.length}`;
    yield errorAt(count, { code: "gres-count", message, hint: "leave Count out", says });
  }
  if (file && many) {
    const says = "File and MultipleFiles options are mutually exclusive";
    yield errorAt(
      many,
      {
        code: "exclusive-keys",
        message: "File and MultipleFiles exclude one another",
        hint: "keep one",
        says,
      },
      "key",
    );
  }
}

interface Comparison {
  readonly wanted: NodeGres;
  readonly node: SiteNodes;
  readonly lines: readonly GresLine[];
  /** gres.conf has AutoDetect for every node. */
  readonly autodetect: boolean;
}

/** What gres.conf gives each of a line's nodes; nodes that get the same are one group, and one problem. */
function* compare({ wanted, node, lines, autodetect }: Comparison): Generator<Problem> {
  const named = lines.filter((line) => same(line.name, wanted.name) || line.get("autodetect"));
  // Counts of what shares a GPU are spread by slurmd over the GPUs there are.
  if (SHARED.includes(wanted.name.toLowerCase())) return;
  const groups = new Map<string, { lines: GresLine[]; names: string[] }>();
  for (const name of node.names) {
    let key = "";
    for (const [i, line] of named.entries()) if (isFor(line, name)) key += `${i},`;
    const group = groups.get(key);
    if (group) group.names.push(name);
    else groups.set(key, { lines: named.filter((line) => isFor(line, name)), names: [name] });
  }
  for (const group of groups.values()) {
    if (autodetect || group.lines.some((line) => autodetects(line.get("autodetect")?.value))) continue;
    yield* judge(node, wanted, group.names, group.lines);
  }
}

function isFor({ nodes }: GresLine, name: string): boolean {
  return nodes === undefined || nodes.has(name);
}

function* judge(
  node: SiteNodes,
  wanted: NodeGres,
  names: readonly string[],
  lines: readonly GresLine[],
): Generator<Problem> {
  const title = wanted.type ? `${wanted.name}:${wanted.type}` : wanted.name;
  if (lines.length === 0) {
    // Only GPUs need a device file; anything else may be a mere count.
    if (!same(wanted.name, "gpu")) return;
    const message = `${compressHostlist(names)} has ${title}:${wanted.count} here, and no line of gres.conf gives it a device file`;
    yield warningAt(settingOfNode(node), {
      code: "gres-missing",
      message,
      hint: "add NodeName=... Name=gpu File=/dev/nvidia[0-3] to gres.conf, or AutoDetect=nvml",
    });
    return;
  }
  const ofType = lines.filter(
    (line) => wanted.type === undefined || line.type === undefined || same(line.type, wanted.type),
  );
  const first = lines[0];
  if (ofType.length === 0 && first) {
    const there = [...new Set(lines.map((line) => line.type))].filter((type) => type !== undefined);
    const message = `gres.conf has ${wanted.name} of type ${there.join(", ")} for ${compressHostlist(names)}, slurm.conf ${title}`;
    yield errorAt(first.get("type") ?? first.line, {
      code: "gres-type",
      message,
      hint: `write Type=${wanted.type}, or change slurm.conf`,
    });
    return;
  }
  const count = ofType.reduce((sum, line) => sum + line.count, 0);
  // Of several lines the odd one is shown: that with fewest where some are missing, with most where there are too many.
  const more = (a: GresLine, b: GresLine) => (count < wanted.count ? a.count - b.count : b.count - a.count);
  const typed = ofType.filter((line) => line.name !== undefined).sort(more)[0];
  if (!typed || Number.isNaN(count) || count === wanted.count) return;
  const at = typed.get("count") ?? typed.get("file") ?? typed.get("files") ?? typed.line;
  const message = `gres.conf gives ${compressHostlist(names)} ${count} of ${title}, slurm.conf ${wanted.count}`;
  const says =
    count < wanted.count
      ? `gres/${wanted.name} count reported lower than configured (${count} < ${wanted.count})`
      : undefined;
  yield errorAt(at, {
    code: "gres-count",
    message,
    hint: "make them the same: a node with fewer than slurm.conf says is drained",
    says,
  });
}

function same(a: string | undefined, b: string): boolean {
  return a?.toLowerCase() === b.toLowerCase();
}

function autodetects(value: string | undefined): boolean {
  return value !== undefined && !/^off$/i.test(value);
}
