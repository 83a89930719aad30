import { type ClusterPlan, workersOf } from "@slurmlab/config-gen";
import type { Cluster } from "../cluster/cluster.ts";
import type { Node } from "../cluster/node.ts";
import { changeFile } from "./changed-file.ts";
import type { FaultContext } from "./fault.ts";
import { chooseNodes } from "./target.ts";

/** What mock NVML and nvidia-smi read at every call; the first line with a key counts. */
const STATE = "/run/mockgpu/state";

/** Why the nodes that `on` means have no GPUs to lose. */
export function lacksGpus(on: string, plan: ClusterPlan): string | undefined {
  const chosen = chooseNodes(on, plan, "");
  if ("problem" in chosen) return chosen.problem;
  const withGpus = workersOf(plan).filter((node) => node.gpus.length > 0);
  const without = chosen.names.find((name) => !withGpus.some((node) => node.name === name));
  return without && `${without} has no GPUs`;
}

/** Real cards are nobody's to break. */
export function unavailableGpus({ gpus }: Cluster): string | undefined {
  return gpus?.mode === "mock" ? undefined : "the GPUs are real ones";
}

/** Lets the mock of a node say something else, until it is healed. */
export async function mockSays(
  node: Node,
  lines: readonly string[],
  context: Pick<FaultContext, "heals">,
): Promise<void> {
  await changeFile(node, STATE, (text) => `${lines.join("\n")}\n${text}`, context);
}
