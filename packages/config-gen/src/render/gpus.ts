import type { PlannedNode } from "../spec/planned.ts";
import type { Ground } from "./ground.ts";

/** GPUs of one type on a node, with the device files that they have on this machine. */
export interface GpuShare {
  readonly gpu: PlannedNode["gpus"][number];
  /** 0 and 1 are /dev/nvidia0 and /dev/nvidia1. */
  readonly minors: readonly number[];
}

/** A node's GPUs as the machine gives them; none where it gives none. Types are matched by name. */
export function gpuSharesOf(node: Pick<PlannedNode, "name" | "gpus">, ground: Ground): GpuShare[] {
  return (ground.gpus[node.name] ?? []).map(({ type, minors }) => {
    const gpu = node.gpus.find((candidate) => candidate.type === type);
    return { gpu: gpu ?? { type, count: minors.length, mode: "auto" }, minors };
  });
}
