import { messageOf } from "../errors/lab-error.ts";
import type { Journal } from "../journal/journal.ts";
import type { StepResult } from "../report/result.ts";
import type { StepEvents } from "./context.ts";
import type { RunEvents, Stage } from "./events.ts";

/** Stages that an interrupted run goes through all the same. */
const AFTERWARDS: ReadonlySet<Stage> = new Set(["logs", "evidence", "teardown"]);

/** How far a run has come: its stages and steps, told to whoever listens and put into the journal. */
export class Progress implements StepEvents {
  /** Seconds by stage. */
  readonly stages: Record<string, number> = {};
  readonly steps: StepResult[] = [];
  readonly #journal: Journal;
  readonly #events: RunEvents;
  readonly #signal: () => AbortSignal;
  /** What it is at, for a deadline that passes. */
  doing = "";
  /** Awaited before each step. */
  beforeStep?: (sentence: string) => Promise<void>;
  #begun = 0;

  constructor(journal: Journal, events: RunEvents, signal: () => AbortSignal) {
    this.#journal = journal;
    this.#events = events;
    this.#signal = signal;
  }

  /** Does a stage's work; it gives its value and the line that sums it up, and says what it does meanwhile. */
  async stage<T>(stage: Stage, work: (say: (line: string) => void) => Promise<[T, string]>): Promise<T> {
    const start = performance.now();
    const end = (ok: boolean, line: string) => {
      const seconds = (performance.now() - start) / 1000;
      this.stages[stage] = seconds;
      this.#journal.add({ kind: "stage-ended", stage, ok, line });
      this.#events.stageEnded(stage, { ok, seconds, line });
    };
    const say = (line: string) => {
      this.doing = line;
      this.#journal.add({ kind: "progress", stage, line });
      this.#events.progress(stage, line);
    };
    this.#journal.add({ kind: "stage-began", stage });
    this.#events.stageStarted(stage);
    try {
      if (!AFTERWARDS.has(stage)) this.#signal().throwIfAborted();
      const [value, line] = await work(say);
      end(true, line);
      return value;
    } catch (error) {
      end(false, messageOf(error).split("\n")[0] ?? "");
      throw error;
    }
  }

  /** A line of the report that no verb stands behind: a check, or what the runner does of itself. */
  async step(sentence: string, work: () => Promise<void>): Promise<void> {
    const start = performance.now();
    const step = this.#begin(sentence);
    let outcome: StepResult["outcome"] = "failed";
    try {
      await work();
      outcome = "passed";
    } finally {
      this.#end(step, { sentence, seconds: (performance.now() - start) / 1000, outcome });
    }
  }

  /** A step that somebody else has timed, and that has just ended. */
  done(result: StepResult): void {
    const step = this.#begun++;
    const { sentence, seconds } = result;
    this.#journal.add({ kind: "step-began", step, sentence }, this.#journal.now() - seconds * 1000);
    this.#end(step, result);
  }

  unchecked(what: string, because: string): void {
    this.#end(this.#begin(what), { sentence: what, outcome: "unchecked", seconds: 0, because });
  }

  stepStarted(sentence: string): number {
    // `unchecked` puts its own line into the list.
    return isUnchecked(sentence) ? -1 : this.#begin(sentence);
  }

  stepEnded(
    step: number,
    { sentence, seconds, error, leftOut }: Parameters<StepEvents["stepEnded"]>[1],
  ): void {
    if (isUnchecked(sentence)) return;
    this.#end(step, { sentence, seconds, outcome: error ? "failed" : leftOut ? "left out" : "passed" });
  }

  #begin(sentence: string): number {
    const step = this.#begun++;
    this.doing = sentence;
    this.#journal.add({ kind: "step-began", step, sentence });
    this.#events.stepStarted(sentence);
    return step;
  }

  #end(step: number, result: StepResult): void {
    const { sentence, outcome } = result;
    this.#journal.add({ kind: "step-ended", step, sentence, outcome });
    this.steps.push(result);
    this.#events.stepEnded(result);
  }
}

/** The verb `unchecked`, by its sentence. */
function isUnchecked(sentence: string): boolean {
  return sentence.startsWith("not checked: ");
}
