import { endsIn } from "../cluster/foreseen-ends.ts";
import { LabError } from "../errors/lab-error.ts";
import { defineInvariant } from "./invariant.ts";

/** The supervisor writes down every end of a daemon, so a crash that nobody looked for is seen too. */
export const daemonsAlive = defineInvariant({
  name: "daemons-alive",
  claim: "no daemon has ended that no step ended",
  async check({ cluster, daemons }): Promise<void> {
    const seen = daemons.ends.unforeseen(await endsIn(cluster));
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
