import { parseEnds } from "../cluster/foreseen-ends.ts";
import type { Node } from "../cluster/node.ts";
import { LabError } from "../errors/lab-error.ts";
import type { Ask } from "./first-looks.ts";
import { defineInvariant } from "./invariant.ts";

/** The supervisor writes down every end of a daemon, so a crash that nobody looked for is seen too. */
export const daemonsAlive = defineInvariant({
  name: "daemons-alive",
  claim: "no daemon has ended that no step ended",
  asks: ({ cluster }) => cluster.nodes.map(logOf),
  async check({ cluster, daemons }, looks): Promise<void> {
    const ends = await Promise.all(
      cluster.nodes.map(async (node) => {
        // There is no such file before the first end.
        const { code, output } = await looks.look(logOf(node));
        return code === 0 ? parseEnds(node.name, output) : [];
      }),
    );
    const seen = daemons.ends.unforeseen(ends.flat());
    if (seen.length > 0) {
      throw new LabError({
        kind: "failed",
        message: "a daemon has ended",
        expected: "none to end but those that a step ended",
        seen: seen.map(({ node, line }) => `${node}: ${line}`).join("\n"),
      });
    }
  },
});

function logOf({ name }: Pick<Node, "name">): Ask {
  return { at: { node: name }, argv: ["cat", "/var/log/slurm/supervisor.log"] };
}
