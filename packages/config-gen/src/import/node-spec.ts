import type { Said } from "../read/conf-file.ts";
import { isSecret } from "../read/secrets.ts";
import type { SiteNodes } from "../read/site.ts";
import type { ClusterSpecInput } from "../spec/schema.ts";
import { specValue } from "./quote.ts";

export type NodeSpecInput = ClusterSpecInput["nodes"][number];

/** Keys of NodeName that are numbers in a specification too. */
const NUMBERS: ReadonlyMap<string, "cpus" | "sockets" | "cores" | "threads" | "memory"> = new Map([
  ["cpus", "cpus"],
  ["sockets", "sockets"],
  ["corespersocket", "cores"],
  ["threadspercore", "threads"],
  ["realmemory", "memory"],
]);

/** What a node's specification has beside its name. */
type NodeKind = Omit<NodeSpecInput, "name">;

/** A NodeName line as a specification has it: fields where there are such, everything else under `slurm` as it stands. */
export function nodeSpecOf(name: string, settings: ReadonlyMap<string, Said>): NodeSpecInput {
  return { name, ...nodeKindOf(settings) };
}

/** The same of many lines. Those that say the same share everything but their names, down to the lists in it. */
export function nodeSpecsOf(lines: readonly SiteNodes[]): NodeSpecInput[] {
  const kinds = new Map<SiteNodes["said"], NodeKind>();
  return lines.map(({ name, said }) => {
    const kind = kinds.get(said) ?? nodeKindOf(said);
    kinds.set(said, kind);
    return { name, ...kind };
  });
}

function nodeKindOf(settings: ReadonlyMap<string, Said>): NodeKind {
  const numbers: Partial<Record<"cpus" | "sockets" | "cores" | "threads" | "memory", number>> = {};
  const rest: Record<string, string | number> = {};
  let features: string[] | undefined;
  // Without CPUs, sockets alone would be multiplied out; the fields are for shapes that multiply.
  const shape = multiplies(settings);
  for (const [key, setting] of settings) {
    const field = NUMBERS.get(key);
    const number = Number(setting.value);
    const fits = /^[1-9]\d{0,14}$/.test(setting.value) && (field === "memory" || (shape && number <= 4096));
    if (field && fits) numbers[field] = number;
    else if ((key === "features" || key === "feature") && FEATURES.test(setting.value))
      features = setting.value.split(",");
    else if (!isSecret(key)) rest[setting.key] = specValue(setting.value);
  }
  return {
    roles: ["slurmd"],
    ...numbers,
    ...(features ? { features } : {}),
    ...(Object.keys(rest).length > 0 ? { slurm: rest } : {}),
  };
}

const FEATURES = /^[A-Za-z0-9_.=-]+(,[A-Za-z0-9_.=-]+)*$/;

function multiplies(settings: ReadonlyMap<string, Said>): boolean {
  const number = (key: string) => Number(settings.get(key)?.value ?? Number.NaN);
  if (settings.has("boards") || settings.has("socketsperboard") || settings.has("procs")) return false;
  const [cpus, sockets, cores, threads] = ["cpus", "sockets", "corespersocket", "threadspercore"].map(number);
  const given = [sockets, cores, threads].filter((value) => value !== undefined && !Number.isNaN(value));
  if (Number.isNaN(cpus) || given.length === 0) return true;
  return given.reduce((a = 1, b = 1) => a * b, 1) === cpus;
}

/**
 * The shape that Slurm works out of a NodeName line (the rules of _parse_nodename), in the fields of a specification:
 * boards are counted as sockets, and threads that CPUs does not count are left away.
 */
export function resolvedShape(
  settings: ReadonlyMap<string, Said>,
): Pick<NodeSpecInput, "cpus" | "sockets" | "cores" | "threads"> {
  const number = (key: string) => {
    const value = Number(settings.get(key)?.value ?? Number.NaN);
    return Number.isInteger(value) && value > 0 ? value : undefined;
  };
  const cores = number("corespersocket") ?? 1;
  const threads = number("threadspercore") ?? 1;
  const boards = number("boards") ?? 1;
  const perBoard = number("socketsperboard");
  const given = number("cpus") ?? number("procs");
  const worked = given !== undefined && given % (cores * threads) === 0 ? given / (cores * threads) : boards;
  const sockets = perBoard === undefined ? (number("sockets") ?? worked) : boards * perBoard;
  const all = sockets * cores * threads;
  if (given === undefined || given === all) return { cpus: all, sockets, cores, threads };
  return given === sockets * cores
    ? { cpus: given, sockets, cores, threads: 1 }
    : given === sockets
      ? { cpus: given, sockets, cores: 1, threads: 1 }
      : { cpus: all, sockets, cores, threads };
}

/** Keys that {@link resolvedShape} has read. */
export const SHAPE_KEYS: readonly string[] = [
  "cpus",
  "procs",
  "boards",
  "sockets",
  "socketsperboard",
  "corespersocket",
  "threadspercore",
];
