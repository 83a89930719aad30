import { FirstLooks } from "../invariants/first-looks.ts";
import { INVARIANTS, type InvariantName } from "../invariants/index.ts";
import type { StepResult } from "../report/result.ts";
import type { StepContext } from "../verbs/verb.ts";

/**
 * Looks at every invariant that the scenario does not break, side by side, and tells of each in the order of the list.
 * Rejects with what the first one says that does not hold.
 */
export async function checkInvariants(
  context: StepContext,
  breaks: readonly InvariantName[],
  tell: (step: StepResult) => void,
): Promise<void> {
  const start = performance.now();
  const held = INVARIANTS.filter(({ name }) => !breaks.includes(name));
  const asks = held.flatMap((invariant) => invariant.asks(context));
  const looks = new FirstLooks(context.cluster, asks, {
    signal: context.signal,
    accountingWillSettle: !breaks.includes("jobs-accounted") && !breaks.includes("jobs-agree"),
  });
  const results = await Promise.all(
    held.map(async (invariant) => {
      const [outcome] = await Promise.allSettled([invariant.check(context, looks)]);
      return { sentence: invariant.claim, seconds: (performance.now() - start) / 1000, outcome };
    }),
  );
  for (const { sentence, seconds, outcome } of results)
    tell({ sentence, seconds, outcome: outcome.status === "fulfilled" ? "passed" : "failed" });
  const failure = results.map(({ outcome }) => outcome).find((outcome) => outcome.status === "rejected");
  if (failure) throw failure.reason;
}
