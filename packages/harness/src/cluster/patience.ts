import { setTimeout as pause } from "node:timers/promises";
import { timeScale } from "../conditions/probe.ts";
import { LabError } from "../errors/lab-error.ts";
import { type Cluster, nodeOf } from "./cluster.ts";

/** Something that a user asks of Slurm from the login node again and again. */
interface Question {
  readonly name: string;
  readonly argv: readonly string[];
}

/**
 * Questions that a user notices a stopped daemon by: squeue asks slurmctld as sbatch does, sacct asks slurmdbd. It is not
 * `sbatch --test-only`, since each of those takes a job id.
 */
const QUESTIONS: readonly Question[] = [
  { name: "squeue", argv: ["squeue", "--noheader"] },
  { name: "sacct", argv: ["sacct", "--noheader", "--allocations", "--jobs=1"] },
];

/** Pause between two tries, in milliseconds: a try is a process on a machine that has other things to do. */
const PAUSE_MS = 100;
/** Longest wait for an answer once the work is done, in milliseconds before the time scale. */
const AFTERWARDS_MS = 60_000;

/** How one question fared while something was done. */
export interface Patience {
  readonly name: string;
  /** From the start of a try to the next answer, that try's or a later one's: the longest, in seconds. */
  readonly longest: number;
  /** Tries that were refused. */
  readonly refused: number;
}

/** Does something, and measures how long a user had to wait for squeue and for sacct meanwhile. */
export async function withPatience(cluster: Cluster, work: () => Promise<void>): Promise<Patience[]> {
  const done = new AbortController();
  const failed = new AbortController();
  const signal = AbortSignal.any([cluster.signal, failed.signal]);
  const asking = Promise.all(
    QUESTIONS.map((question) => ask(cluster, question, { done: done.signal, signal })),
  );
  // Awaited below, when the work itself has gone well.
  asking.catch(() => {});
  try {
    await work();
  } catch (error) {
    failed.abort();
    throw error;
  }
  done.abort();
  return await asking;
}

/** Asks until the work is done and one more answer has come. */
async function ask(
  cluster: Cluster,
  question: Question,
  { done, signal }: { readonly done: AbortSignal; readonly signal: AbortSignal },
): Promise<Patience> {
  await using lens = await nodeOf(cluster, "login").lens(question.argv, { user: cluster.plan.user });
  let longest = 0;
  let refused = 0;
  let since: number | undefined;
  let deadline: number | undefined;
  for (;;) {
    signal.throwIfAborted();
    const last = done.aborted;
    const start = performance.now();
    since ??= start;
    const { code, output } = await lens.look();
    const now = performance.now();
    if (code === 0) {
      longest = Math.max(longest, now - since);
      since = undefined;
      if (last) return { name: question.name, longest: longest / 1000, refused };
    } else {
      refused++;
      if (last) deadline ??= now + AFTERWARDS_MS * timeScale();
      if (deadline !== undefined && now > deadline) throw unanswered(question, output);
    }
    await pause(PAUSE_MS, undefined, { signal });
  }
}

function unanswered({ name, argv }: Question, output: string): LabError {
  return new LabError({
    kind: "failed",
    message: `${name} gets no answer any more`,
    expected: `\`${argv.join(" ")}\` to succeed on the login node`,
    seen: output.trim(),
  });
}
