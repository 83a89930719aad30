import { LabError } from "../errors/lab-error.ts";
import { defineInvariant } from "./invariant.ts";

/** The supervisor writes down every end of a daemon, so a crash that nobody looked for is seen too. */
export const daemonsAlive = defineInvariant({
  name: "daemons-alive",
  claim: "no daemon has ended",
  async check({ cluster }): Promise<void> {
    const ends = await Promise.all(
      cluster.nodes.map(async (node) => {
        const { stdout } = await node.exec(["cat", "/var/log/slurm/supervisor.log"]);
        return stdout
          .split("\n")
          .filter(Boolean)
          .map((line) => `${node.name}: ${line}`);
      }),
    );
    const seen = ends.flat();
    if (seen.length > 0) {
      throw new LabError({
        kind: "failed",
        message: "a daemon has ended",
        expected: "none to end",
        seen: seen.join("\n"),
      });
    }
  },
});
