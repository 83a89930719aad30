import type { Readable } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import type Docker from "dockerode";
import { LabError, messageOf } from "../errors/lab-error.ts";
import type { Pulse } from "./engine.ts";

/** Between two pings, in seconds, as long as a call or a stream is open. */
const EVERY = 5;

/** So long a ping may go unanswered, in seconds: a dockerd that starts sixty containers on two cores answers within one. */
const PATIENCE = 30;

/** A look at an engine that was lost, in milliseconds. */
const LOOK_MS = 5_000;

type Dial = Docker["modem"]["dial"];
type Answer = NonNullable<Parameters<Dial>[1]>;

/**
 * Gives every call to the engine, and every stream of it, a deadline: not how long it takes, as a build may take an hour, but
 * whether the engine still answers pings meanwhile. One that does not, or whose socket has gone, ends them all.
 *
 * Time is counted in ticks of a timer, so that neither the sleep of a laptop nor a stopped process looks like an engine that hangs.
 */
export class DockerPulse implements Pulse {
  /** Not watched itself. */
  readonly #pinger: Docker;
  readonly #tickMs: number;
  #lost = new AbortController();
  /** What ends each call and stream that is open. */
  readonly #open = new Set<(reason: LabError) => void>();
  #timer: NodeJS.Timeout | undefined;
  #asking: Promise<void> | undefined;
  #ticks = 0;

  constructor(docker: Docker, pinger: Docker, tickMs = 1_000) {
    this.#pinger = pinger;
    this.#tickMs = tickMs;
    const { modem } = docker;
    const dial = modem.dial.bind(modem);
    modem.dial = (options, answer) => this.#watched(dial, options, answer ?? (() => {}));
  }

  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  async check(): Promise<void> {
    if (this.lost.aborted) return;
    const lost = Promise.withResolvers<void>();
    const cut = () => lost.resolve();
    this.#keep(cut);
    await Promise.race([this.#ask(), lost.promise]);
    this.#open.delete(cut);
  }

  async recover(withinMs: number, signal: AbortSignal): Promise<boolean> {
    const start = performance.now();
    while (!(await this.#answers())) {
      if (signal.aborted || performance.now() - start > withinMs) return false;
      await pause(250);
    }
    if (this.lost.aborted) this.#lost = new AbortController();
    return true;
  }

  #watched(dial: Dial, options: Parameters<Dial>[0], answer: Answer): void {
    if (this.lost.aborted) {
      answer(this.lost.reason, null);
      return;
    }
    const own = new AbortController();
    let open = true;
    const cut = (reason: LabError) => {
      open = false;
      own.abort(reason);
      answer(reason, null);
    };
    this.#keep(cut);
    const { abortSignal } = options;
    const either = abortSignal ? AbortSignal.any([abortSignal, own.signal]) : own.signal;
    dial({ ...options, abortSignal: either }, (error, data) => {
      if (!open) return;
      this.#open.delete(cut);
      if (isStream(data)) this.#keepStream(data);
      // A call that has not reached the engine: it is asked at once whether it is there.
      if ((error as NodeJS.ErrnoException | null)?.code !== undefined && !abortSignal?.aborted)
        void this.#ask();
      answer(error, data);
    });
  }

  #keepStream(stream: Readable): void {
    const cut = () => void stream.destroy();
    this.#keep(cut);
    stream.once("close", () => this.#open.delete(cut));
  }

  #keep(cut: (reason: LabError) => void): void {
    this.#open.add(cut);
    this.#timer ??= setInterval(() => this.#tick(), this.#tickMs).unref();
  }

  #tick(): void {
    if (this.#open.size === 0) {
      clearInterval(this.#timer);
      this.#timer = undefined;
      return;
    }
    this.#ticks++;
    if (this.#asking !== undefined && this.#ticks >= PATIENCE) this.#lose(hung());
    else if (this.#asking === undefined && this.#ticks >= EVERY) void this.#ask();
  }

  #ask(): Promise<void> {
    if (this.#asking !== undefined) return this.#asking;
    this.#ticks = 0;
    const asked = ping(this.#pinger, this.lost)
      .catch((error) => this.#lose(ended(error)))
      .then(() => {
        this.#asking = undefined;
        this.#ticks = 0;
      });
    this.#asking = asked;
    return asked;
  }

  #lose(reason: LabError): void {
    if (this.lost.aborted) return;
    const open = [...this.#open];
    this.#open.clear();
    this.#lost.abort(reason);
    for (const cut of open) cut(reason);
  }

  async #answers(): Promise<boolean> {
    return await ping(this.#pinger, AbortSignal.timeout(LOOK_MS)).then(
      () => true,
      () => false,
    );
  }
}

/** (The types know only a callback; dockerode 5 takes options.) */
export async function ping(docker: Docker, abortSignal: AbortSignal): Promise<void> {
  const asked = docker.ping as (options: { abortSignal: AbortSignal }) => Promise<unknown>;
  await asked.call(docker, { abortSignal });
}

function isStream(data: unknown): data is Readable {
  return typeof (data as Partial<Readable> | null)?.destroy === "function";
}

function hung(): LabError {
  return new LabError({
    kind: "broken",
    message: `the container engine has not answered for ${PATIENCE} s`,
    expected: "an answer to a ping",
    seen: "none, though it takes connections",
    hint: "look at its log and start it again; what is left in it is removed when it answers, or by `pnpm cluster gc`",
  });
}

function ended(error: unknown): LabError {
  return new LabError({
    kind: "broken",
    message: "the container engine has ended, and its containers with it",
    expected: "it to run until the teardown",
    seen: messageOf(error),
    hint: "its log says why; if somebody has started it again, run the command once more",
  });
}
