import type { NodeSpec } from "./node-schema.ts";
import type { Pack } from "./planned.ts";
import type { Problems } from "./problems.ts";
import type { ClusterSpec } from "./schema.ts";

/** The first slurmd of a machine; the others follow. Between Slurm's own ports and those that the kernel gives out. */
const FIRST_PORT = 7001;

/** What slurmlab itself says of packed nodes. */
const OWN_KEYS = ["nodehostname", "nodeaddr", "port"];

/**
 * Which of these nodes share a container, and by which port each is told apart; undefined when they are not packed. The machines
 * of `n[1-1000]` are `n-pack1` and so on; `machines` counts those of each prefix, as several entries may have one.
 */
export function packsOf(
  spec: Pick<ClusterSpec, "defaults" | "configless">,
  node: NodeSpec,
  names: readonly string[],
  { path, problems, machines }: { path: string; problems: Problems; machines: Map<string, number> },
): Pack[] | undefined {
  const { packed } = node;
  if (packed === undefined) return undefined;
  const wrong = whyNot(spec, node);
  if (wrong) problems.add(`${path}.packed`, wrong);
  const prefix = (names[0] ?? "node").replace(/[-.]?\d*$/, "") || "node";
  const before = machines.get(prefix) ?? 0;
  machines.set(prefix, before + Math.ceil(names.length / packed));
  return names.map((_, i) => ({
    machine: `${prefix}-pack${before + Math.floor(i / packed) + 1}`,
    port: FIRST_PORT + (i % packed),
  }));
}

function whyNot(spec: Pick<ClusterSpec, "defaults" | "configless">, node: NodeSpec): string | undefined {
  if (spec.defaults !== "lab") return "nodes are packed in a lab alone (defaults: lab)";
  if (spec.configless) return "packed nodes read the files of their container: expected configless: false";
  if (node.roles.some((role) => role !== "slurmd")) return "only nodes with the role slurmd alone are packed";
  if (node.gpus !== undefined)
    return "the GPUs of a container would be those of all its nodes: expected no gpus";
  if (/^(cloud|future)$/i.test(node.state ?? "")) return `a ${node.state} node has no container yet`;
  const own = Object.keys(node.slurm ?? {}).find((key) => OWN_KEYS.includes(key.toLowerCase()));
  return own && `${own} of packed nodes is slurmlab's own to say`;
}
