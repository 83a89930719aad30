import type { Cluster } from "../../src/cluster/cluster.ts";
import { Journal } from "../../src/journal/journal.ts";
import type { LoadedScenario } from "../../src/scenario/load.ts";
import type { Settings } from "../../src/scenario/settings.ts";
import { newStepContext } from "../../src/scenario/step-context.ts";
import { runSteps } from "../../src/scenario/steps.ts";
import { VERBS } from "../../src/verbs/index.ts";

/** What a step was: its verb, and its input as the verb got it. */
export interface RecordedStep {
  readonly verb: string;
  readonly input: unknown;
}

const end = async () => ({ looks: 1, seconds: 1 });

/** Runs a scenario's steps with verbs that only write down what they are given, and give samples of their results. */
export async function recordSteps(body: LoadedScenario["body"], settings: Settings): Promise<RecordedStep[]> {
  const steps: RecordedStep[] = [];
  const real = VERBS.map((verb) => [verb, verb.run] as const);
  for (const [verb] of real) {
    Object.assign(verb, {
      run: async (input: unknown) => {
        steps.push({ verb: verb.name, input });
        const id = String(steps.length);
        if (verb.result === "job")
          return {
            kind: "job",
            id,
            user: "ada",
            outputPath: `/home/ada/slurm-${id}.out`,
            title: `job ${id}`,
          };
        if (verb.result === "fault") return { kind: "fault", index: steps.length, title: `fault ${id}` };
        if (verb.result === "backup")
          return { kind: "backup", of: "database", place: id, title: `backup ${id}` };
        if (verb.result === "watch") return { kind: "watch", claim: `claim ${id}`, end };
        return verb.result === "text" ? `the text of step ${id}` : undefined;
      },
    });
  }
  try {
    const scenario = { name: "recorded", file: "/recorded.yaml", title: "", settings, body };
    // A cluster of no nodes, as no verb does anything.
    const cluster = { nodes: [], plan: { nodes: [] } } as unknown as Cluster;
    const context = newStepContext(cluster, {
      signal: new AbortController().signal,
      seed: 1,
      withoutFault: false,
      journal: new Journal(),
      leaveUnchecked: () => {},
    });
    await runSteps(scenario, context, { stepStarted: () => 0, stepEnded: () => {} });
  } finally {
    for (const [verb, run] of real) Object.assign(verb, { run });
  }
  return steps;
}
