import { LabError, messageOf } from "../errors/lab-error.ts";

/** What an error means for a run: who was wrong, Slurm, the scenario or the lab. `up`: the cluster had come up. */
export function failureOf(
  error: unknown,
  run: { readonly signal: AbortSignal; readonly up: boolean },
): LabError {
  const { signal, up } = run;
  if (signal.aborted) {
    const { reason } = signal;
    if (reason instanceof LabError && reason.kind !== "interrupted") return judged(reason, up);
    return new LabError({ kind: "interrupted", message: "interrupted", cause: reason });
  }
  if (error instanceof LabError) return judged(error, up);
  return new LabError({
    kind: "broken",
    message: messageOf(error),
    where: (error as Error)?.stack?.split("\n")[1]?.trim() ?? "",
    cause: error,
  });
}

/** Before the first step the claim has not been tried: a cluster that does not come up is broken, not failed. */
function judged(error: LabError, up: boolean): LabError {
  return up || error.kind !== "failed" ? error : error.as("broken");
}
