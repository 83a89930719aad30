import { dbdQueueIs } from "../conditions/dbd-queue.ts";
import { defineInvariant } from "./invariant.ts";

const EMPTY = dbdQueueIs({ atLeast: 0, atMost: 0 });

export const accountingCaughtUp = defineInvariant({
  name: "accounting-caught-up",
  claim: "slurmctld has sent all that it has for slurmdbd",
  asks: () => [EMPTY],
  check: (_, looks) => looks.until(EMPTY, 30_000),
});
