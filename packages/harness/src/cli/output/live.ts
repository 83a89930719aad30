import { Listr, type ListrTaskWrapper } from "listr2";
import { type Colors, seconds } from "../../report/summary.ts";
import { type RunEvents, STAGES, type Stage } from "../../scenario/events.ts";
import { formatStep } from "./plain.ts";
import { visible } from "./visible.ts";

const TITLES: Readonly<Record<Stage, string>> = {
  engine: "Container engine",
  images: "Images",
  cluster: "Cluster",
  steps: "Steps",
  checks: "Checks",
  logs: "Logs",
  evidence: "Evidence",
  teardown: "Teardown",
};

// biome-ignore lint/suspicious/noExplicitAny: listr2's own default for renderers that are not looked at here.
type Task = ListrTaskWrapper<unknown, any, any>;

/**
 * A live list of the stages for a terminal. listr2 wants to run the work itself; here the runner does, and each
 * of its tasks only waits to be told how the stage went.
 */
export function liveOutput(colors: Colors, verbose: boolean): RunEvents & { done(): Promise<void> } {
  const gates = new Map(
    STAGES.map((stage) => [
      stage,
      Promise.withResolvers<{ ok: boolean; line: string; seconds: number } | undefined>(),
    ]),
  );
  const starts = new Map(STAGES.map((stage) => [stage, Promise.withResolvers<boolean>()]));
  const tasks = new Map<Stage, Task>();
  const waiting = new Map<Stage, string>();
  const show = (stage: Stage, text: string) => {
    const line = visible(text);
    const task = tasks.get(stage);
    if (task) task.output = line;
    else waiting.set(stage, line);
  };
  const list = new Listr(
    STAGES.map((stage) => ({
      title: TITLES[stage],
      rendererOptions: {
        persistentOutput: stage === "steps" || stage === "checks",
        outputBar: stage === "steps" || stage === "checks" ? Number.POSITIVE_INFINITY : 1,
      },
      skip: async () => !(await starts.get(stage)?.promise),
      task: async (_: unknown, task: Task) => {
        tasks.set(stage, task);
        const early = waiting.get(stage);
        if (early) task.output = early;
        const end = await gates.get(stage)?.promise;
        if (!end) return;
        const line = visible(end.line);
        task.title = `${TITLES[stage]}: ${line} ${colors.dim(`(${seconds(end.seconds)})`)}`;
        if (!end.ok) throw new Error(line);
      },
    })),
    {
      exitOnError: false,
      // Ctrl-C is ours: listr2's own handler would end the process before anything is torn down.
      registerSignalListeners: false,
      rendererOptions: { showSkipMessage: false, collapseSubtasks: false, showErrorMessage: false },
    },
  );
  const running = list.run();
  let at = -1;
  /** Stages that the run passed over are skipped. */
  const reach = (index: number) => {
    for (at++; at < index; at++) starts.get(STAGES[at] ?? "engine")?.resolve(false);
    at = index;
  };
  let current: Stage = "engine";
  return {
    stageStarted(stage) {
      current = stage;
      reach(STAGES.indexOf(stage));
      starts.get(stage)?.resolve(true);
    },
    progress: show,
    stageEnded: (stage, outcome) => gates.get(stage)?.resolve(outcome),
    stepStarted: () => {},
    stepEnded: (step) => show(current, formatStep(step, colors)),
    detail: (line) => (verbose ? show(current, line) : undefined),
    async done() {
      reach(STAGES.length);
      await running;
    },
  };
}
