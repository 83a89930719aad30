import type { Engine, Pulse } from "../engine/engine.ts";
import { LABEL } from "../engine/labels.ts";
import { LabError } from "../errors/lab-error.ts";

/** How long after something has failed the engine may take to say that a node has ended, in milliseconds. */
const WORD_MS = 1_000;

/** Between two looks at the clock. */
const TICK_MS = 1_000;

/** How long an engine that was lost may take to come back. */
const RETURN_MS = 30_000;

/** Lines of what a container's first program said last. */
const LAST_LINES = 5;

/** Looks after what a run stands on, beside all that it does. */
export interface Guard {
  /** Aborted with the run's own signal, when the engine is lost, and when a node ends that no step has ended. */
  readonly signal: AbortSignal;
  /** The longest time for which nothing was looked after, in seconds: the machine was asleep, or its clock was set. */
  readonly gap: number;
  /** After something has failed, until it is known whether that was why: it may be told of a moment later. */
  settled(): Promise<void>;
  /** Counts the gap anew. */
  forgetGap(): void;
  stop(): void;
}

/** Begins to look after the engine and the nodes of a cluster, which need not be there yet. */
export async function guardRun(engine: Engine, cluster: string, signal: AbortSignal): Promise<Guard> {
  const fallen = new AbortController();
  const stopped = new AbortController();
  const guarded = AbortSignal.any([signal, engine.pulse.lost, fallen.signal]);
  const onEnd: Parameters<Engine["followEnds"]>[1] = async ({ container, labels, exitCode }) => {
    const node = labels[LABEL.node];
    // What joined a node for an upgrade ends with the node.
    if (node === undefined || labels[LABEL.upgrade] !== undefined) return;
    const [inspected, log] = await Promise.allSettled([
      engine.inspectContainer(container),
      engine.containerLog(container),
    ]);
    // An engine that stops ends its containers first, and answers no more.
    await engine.pulse.check();
    if (engine.pulse.lost.aborted || stopped.signal.aborted) return;
    const outOfMemory =
      inspected.status === "fulfilled" &&
      (inspected.value as { State?: { OOMKilled?: boolean } }).State?.OOMKilled === true;
    const said = log.status === "fulfilled" ? log.value.trim().split("\n").slice(-LAST_LINES) : [];
    fallen.abort(nodeEnded(node, exitCode, { outOfMemory, said }));
  };
  await engine.followEnds(`${LABEL.cluster}=${cluster}`, onEnd, stopped.signal);
  let last = Date.now();
  let gap = 0;
  // The wall's clock: that of timers stands still while a machine is asleep.
  const ticking = setInterval(() => {
    const now = Date.now();
    gap = Math.max(gap, Math.abs(now - last - TICK_MS) / 1000);
    last = now;
  }, TICK_MS).unref();
  return {
    signal: guarded,
    get gap() {
      return gap;
    },
    async settled() {
      await engine.pulse.check();
      if (guarded.aborted) return;
      const known = Promise.withResolvers<void>();
      const late = setTimeout(known.resolve, WORD_MS);
      guarded.addEventListener("abort", () => known.resolve(), { once: true });
      await known.promise;
      clearTimeout(late);
    },
    forgetGap() {
      gap = 0;
    },
    stop() {
      stopped.abort();
      clearInterval(ticking);
    },
  };
}

/** Whether the engine can be asked for traces and to remove things: one that was lost may have been started again. */
export async function answersAgain(
  pulse: Pulse | undefined,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<boolean> {
  if (!pulse?.lost.aborted) return true;
  say(`waiting up to ${RETURN_MS / 1000} s for it to answer again`);
  return await pulse.recover(RETURN_MS, signal);
}

function nodeEnded(
  node: string,
  exitCode: number,
  { outOfMemory, said }: { outOfMemory: boolean; said: readonly string[] },
): LabError {
  const killed = exitCode === 137;
  const how = outOfMemory
    ? "OOMKilled: the kernel has killed it, as its memory ran out"
    : `exit code ${exitCode}${killed ? ": SIGKILL" : ""}`;
  return new LabError({
    kind: "broken",
    message: `the container of ${node} has ended, and no step has ended it`,
    expected: "every node to run until the teardown",
    seen: [how, ...said].filter(Boolean).join("\n"),
    where: node,
    hint: killed
      ? "SIGKILL is sent by the kernel where memory runs out (`dmesg` on the engine's machine says so), or by somebody: `docker kill`, `pnpm cluster down`"
      : "what it said last is in container.log of the evidence",
  });
}
