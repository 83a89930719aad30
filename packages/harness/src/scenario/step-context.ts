import type { Cluster } from "../cluster/cluster.ts";
import { DaemonControl } from "../cluster/daemon-control.ts";
import { LogMarks } from "../cluster/log-marks.ts";
import { Watches } from "../conditions/watch.ts";
import { Faults } from "../faults/injected.ts";
import { JobLedger } from "../ledger/jobs.ts";
import { Measures } from "../ledger/measures.ts";
import { randomFrom } from "../verbs/random.ts";
import type { StepContext } from "../verbs/verb.ts";

/** What the steps of one run work with, and what its invariants look back at; all of it empty. */
export function newStepContext(
  cluster: Cluster,
  run: Pick<StepContext, "signal" | "withoutFault" | "journal" | "leaveUnchecked"> & {
    readonly seed: number;
  },
): StepContext {
  const daemons = new DaemonControl(cluster);
  const watches = new Watches();
  return {
    cluster,
    signal: AbortSignal.any([run.signal, watches.signal]),
    jobs: new JobLedger(),
    daemons,
    logs: new LogMarks(),
    journal: run.journal,
    faults: new Faults(cluster, { daemons, journal: run.journal, seed: run.seed }),
    watches,
    random: randomFrom(run.seed),
    measures: new Measures(),
    withoutFault: run.withoutFault,
    leaveUnchecked: run.leaveUnchecked,
  };
}
