import { z } from "zod";
import { keepFile } from "./changed-file.ts";
import { defineFault } from "./fault.ts";
import { lacksMunge, MUNGE_KEY } from "./munge.ts";
import { target } from "./target.ts";

/** As a new node that got no copy of the cluster's key, or one whose munged was not restarted when the key changed. */
export const mungeMismatch = defineFault({
  name: "munge-mismatch",
  summary:
    "Gives nodes a munge key of their own: what they send cannot be decoded elsewhere, nor can they decode.",
  schema: z.strictObject({ fault: z.literal("munge-mismatch"), on: target }),
  lacks: (_, plan) => lacksMunge(plan),
  sentence: ({ on }) => `${on} has another munge key`,
  async inject(_, { nodes, daemons, heals }): Promise<void> {
    for (const node of nodes) {
      // Healing goes in reverse: munged is restarted when its key is back.
      heals(`restart munged on ${node.name}`, () => daemons.restart(node, "munged"));
      await keepFile(node, MUNGE_KEY, { heals });
      // 128 bytes, as mungekey makes them; the file keeps its owner and mode.
      await node.run(["dd", "if=/dev/urandom", `of=${MUNGE_KEY}`, "bs=128", "count=1", "status=none"]);
      await daemons.restart(node, "munged");
    }
  },
});
