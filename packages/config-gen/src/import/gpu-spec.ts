import { type NodeGres, parseNodeGres } from "../read/gres.ts";
import { since } from "../slurm/version.ts";
import type { NodeSpecInput } from "./node-spec.ts";
import type { Note } from "./note.ts";

type GpuInput = Exclude<NonNullable<NodeSpecInput["gpus"]>, readonly unknown[]>;

/** As many GPUs of a type as a specification takes. */
const MAX_GPUS = 64;

/** Whose resources these are, and who is told of what goes. */
interface Of {
  readonly host: string;
  readonly slurm: string;
  readonly notes: Note[];
}

/** `gpu:a100:4,shard:8,lustre:1` as GPUs that can be mocked, what shares them, and other resources. */
export function gresSpecOf(value: string, of: Of): Pick<NodeSpecInput, "gpus" | "gres"> {
  const elements = parseNodeGres(value).filter((each) => counts(each, of));
  const is = (...names: string[]) => elements.filter(({ name }) => names.includes(name.toLowerCase()));
  const gpus = gpusOf(is("gpu"), of);
  share(gpus, is("mps"), is("shard"), of);
  const others = elements.filter((each) => !is("gpu", "mps", "shard").includes(each) && isPlain(each, of));
  const gres = new Map<string, string>();
  for (const { name, text } of others) gres.set(name, gres.has(name) ? `${gres.get(name)},${text}` : text);
  return {
    ...(gpus.length > 0 ? { gpus } : {}),
    ...(gres.size > 0 ? { gres: Object.fromEntries(gres) } : {}),
  };
}

const GPU_TYPE = /^[A-Za-z0-9][A-Za-z0-9_.-]*$/;

function isPlain({ name, text }: NodeGres, of: Of): boolean {
  const plain = /^[A-Za-z][A-Za-z0-9_-]*$/.test(name) && /^[\w.-]+(:[\w.-]+)*$/.test(text);
  if (!plain) leftOut(`${name}:${text}`, "no field of a specification has it", of);
  return plain;
}

function counts({ name, type, count }: NodeGres, of: Of): boolean {
  if (count < 1) leftOut(`${name}${type ? `:${type}` : ""}:${count}`, "it counts none", of);
  return count >= 1;
}

/** Each type once; all with their type or none, as gres.conf has to say. */
function gpusOf(elements: readonly NodeGres[], of: Of): GpuInput[] {
  const typed = elements.some(({ type }) => type);
  const gpus = new Map<string, GpuInput>();
  for (const { type = "gpu", count } of elements) {
    if (!GPU_TYPE.test(type)) {
      leftOut(`gpu:${type}:${count}`, "it is no type that a GPU can have", of);
      continue;
    }
    const before = gpus.get(type.toLowerCase());
    const sum = (before?.count ?? 0) + count;
    if (sum > MAX_GPUS) leftOut(`${sum - MAX_GPUS} of ${sum} GPUs`, `at most ${MAX_GPUS} can be had`, of);
    gpus.set(type.toLowerCase(), {
      type: before?.type ?? type,
      count: Math.min(sum, MAX_GPUS),
      ...(typed ? {} : { typed: false }),
    });
  }
  return [...gpus.values()];
}

/** MPS and shards on the first GPUs that they can be shared evenly among. */
function share(gpus: GpuInput[], mps: readonly NodeGres[], shards: readonly NodeGres[], of: Of): void {
  for (const [key, elements] of [
    ["mps", mps],
    ["shards", shards],
  ] as const) {
    const total = elements.reduce((sum, { count }) => sum + count, 0);
    if (total === 0) continue;
    const home = gpus.find((gpu) => total % gpu.count === 0);
    const what = `${key}:${total}`;
    if (key === "shards" && !since(of.slurm, "22.05")) leftOut(what, "Slurm has them from 22.05 on", of);
    else if (key === "shards" && gpus.some((gpu) => gpu.mps)) leftOut(what, "its GPUs are shared by mps", of);
    else if (!home) leftOut(what, "it cannot be shared evenly among its GPUs", of);
    else home[key] = total;
  }
}

function leftOut(what: string, why: string, { host, notes }: Of): void {
  notes.push({ kind: "left-out", what: `${what} of ${host}`, why });
}
