import { isPresent, workersOf } from "@slurmlab/config-gen";
import { nodeNamed, nodeOf } from "../cluster/cluster.ts";
import type { Node } from "../cluster/node.ts";
import { changeFile } from "./changed-file.ts";
import type { FaultContext } from "./fault.ts";
import { changeNodeLine } from "./node-line.ts";

/**
 * Lets slurm.conf claim something else of nodes, the same file everywhere, and makes Slurm read it: slurmctld is restarted,
 * and every slurmd, which registers with what there is.
 */
export async function claim(
  keysOf: (node: Node) => Readonly<Record<string, string | number>>,
  { cluster, nodes, daemons, heals }: FaultContext,
): Promise<void> {
  const controller = nodeOf(cluster, "slurmctld");
  const readAgain = async () => {
    await daemons.restart(controller, "slurmctld");
    const workers = workersOf(cluster.plan).filter(isPresent);
    await Promise.all(workers.map(({ name }) => daemons.restart(nodeNamed(cluster, name), "slurmd")));
  };
  const change = (text: string) =>
    nodes.reduce((changed, node) => changeNodeLine(changed, node.name, keysOf(node)), text);
  heals("let Slurm read slurm.conf again", readAgain);
  // slurmrestd and the database have none of their own.
  const withFile = cluster.nodes.filter(({ plan }) =>
    plan.roles.some((role) => role === "slurmctld" || role === "slurmd" || role === "login"),
  );
  for (const node of withFile) await changeFile(node, "/etc/slurm/slurm.conf", change, { heals });
  await readAgain();
}
