import { LabError, messageOf } from "./lab-error.ts";

/** How long all undoing together may take before what is left is named and given up. In milliseconds. */
const BUDGET_MS = 60_000;

/**
 * What has to be undone, newest first. Register the undo before the do: an undo must bear that its do never
 * happened. One failing undo does not stop the others.
 */
export class Undo {
  readonly #steps: Array<{ title: string; run: () => Promise<void> }> = [];

  readonly #budgetMs: number;

  constructor(budgetMs: number = BUDGET_MS) {
    this.#budgetMs = budgetMs;
  }

  add(title: string, run: () => Promise<void>): void {
    this.#steps.push({ title, run });
  }

  /** Titles of what would be undone, newest first: what a second Ctrl-C prints. */
  get pending(): string[] {
    return this.#steps.map((step) => step.title).reverse();
  }

  /** Undoes everything; returns what could not be undone, as sentences. */
  async run(): Promise<string[]> {
    const failures: string[] = [];
    const deadline = AbortSignal.timeout(this.#budgetMs);
    for (let step = this.#steps.at(-1); step; step = this.#steps.at(-1)) {
      try {
        await within(step.run(), deadline, this.#budgetMs);
      } catch (error) {
        failures.push(`${step.title}: ${reasonOf(error)}`);
      }
      // Not the newest: another may have come meanwhile.
      this.#steps.splice(this.#steps.indexOf(step), 1);
    }
    return failures;
  }
}

/** With what was seen, which is often the reason: a program's own words. */
function reasonOf(error: unknown): string {
  const seen = error instanceof LabError ? error.seen : undefined;
  return seen ? `${messageOf(error)}: ${seen}` : messageOf(error);
}

function within(work: Promise<void>, deadline: AbortSignal, budgetMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const late = () => reject(new Error(`not done within ${budgetMs / 1000} s`));
    // What becomes of it after the deadline is heard all the same: a rejection that nobody hears would end the process.
    work.then(resolve, reject).finally(() => deadline.removeEventListener("abort", late));
    if (deadline.aborted) late();
    else deadline.addEventListener("abort", late, { once: true });
  });
}
