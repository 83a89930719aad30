import { parseNodeGres } from "../read/gres.ts";
import type { NodeSpecInput } from "./node-spec.ts";
import type { Note } from "./note.ts";

type GpuInput = Exclude<NonNullable<NodeSpecInput["gpus"]>, readonly unknown[]>;

/** `gpu:a100:4,shard:8,lustre:1` as GPUs that can be mocked, what shares them, and other resources. */
export function gresSpecOf(value: string, host: string, notes: Note[]): Pick<NodeSpecInput, "gpus" | "gres"> {
  const elements = parseNodeGres(value);
  const gpus: GpuInput[] = [];
  for (const { name, type, count } of elements) {
    if (name.toLowerCase() !== "gpu" || count < 1) continue;
    gpus.push({ type: type ?? "gpu", count: Math.min(count, 64), ...(type ? {} : { typed: false }) });
  }
  for (const shared of ["mps", "shard"] as const) {
    const total = elements
      .filter(({ name }) => name.toLowerCase() === shared)
      .reduce((sum, { count }) => sum + count, 0);
    if (total === 0) continue;
    const home = gpus.find((gpu) => total % gpu.count === 0);
    if (home) home[shared === "mps" ? "mps" : "shards"] = total;
    else
      notes.push({
        kind: "left-out",
        what: `${shared}:${total} of ${host}`,
        why: "it cannot be shared evenly among its GPUs",
      });
  }
  const others = elements.filter(({ name }) => !["gpu", "mps", "shard"].includes(name.toLowerCase()));
  const gres = Object.fromEntries(
    others.map(({ name, type, count }) => [name, type ? `${type}:${count}` : count]),
  );
  return {
    ...(gpus.length > 0 ? { gpus } : {}),
    ...(others.length > 0 ? { gres } : {}),
  };
}
