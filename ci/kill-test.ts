// `pnpm kill-test`: runs of a scenario that are ended by SIGKILL at random moments. Nothing of theirs may be left 15 s later, and
// nothing else may have been touched: volumes that look like other people's clusters stand by, and the engine's own list of everything is
// compared. The engine is asked directly, and not by way of the code that is tested.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, readlinkSync } from "node:fs";
import { type IncomingMessage, request } from "node:http";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";

const HELP = `pnpm kill-test [--runs 100] [--seed NUMBER] [--scenario hello]

Kills runs of a scenario with SIGKILL at random moments: before the engine is found, while the cluster starts, in its steps, its checks and its
teardown. Then looks for what is left of each for 15 s. Needs an engine with the scenario's images (run the scenario once).

Exit codes: 0 everything was gone each time, and nothing else was; 1 otherwise; 2 bad input.

Examples:
  pnpm kill-test
  pnpm kill-test --runs 10 --seed 7`;

const LIMIT_MS = 15_000;
const MAIN = join(import.meta.dirname, "../packages/harness/src/cli/main.ts");

interface Part {
  readonly kind: "containers" | "networks" | "volumes";
  readonly id: string;
  readonly labels: Readonly<Record<string, string>>;
}

async function killTest(runs: number, seed: number, scenario: string): Promise<number> {
  const whole = await unharmed(scenario);
  console.log(`a whole run takes ${whole.seconds.toFixed(1)} s; seed ${seed}`);
  const engine = new Engine(whole.socket);
  const strangers = await engine.standBy();
  try {
    const before = await engine.everything();
    const random = generator(seed);
    const moments = new Map<string, number>();
    const waited: number[] = [];
    let left = 0;
    for (let run = 1; run <= runs; run++) {
      const afterMs = random() * whole.seconds * 1000;
      const { pid, stage } = await killed(scenario, afterMs);
      moments.set(stage, (moments.get(stage) ?? 0) + 1);
      const { seconds, parts } = await engine.untilGone(pid);
      waited.push(seconds);
      if (parts.length > 0) left++;
      const what =
        parts.length > 0 ? `LEFT ${parts.join(", ")}` : `nothing left after ${seconds.toFixed(1)} s`;
      console.log(`[${run} of ${runs}] killed after ${(afterMs / 1000).toFixed(1)} s (${stage}): ${what}`);
    }
    const after = await engine.everything();
    const touched = [...before].filter((id) => !after.has(id));
    const stages = [...moments].map(([stage, times]) => `${stage} ${times}`).join(", ");
    console.log(`moments: ${stages}`);
    for (const id of touched) console.log(`NOT OURS, and gone: ${id}`);
    const slowest = Math.max(...waited).toFixed(1);
    console.log(
      `${runs} killed, ${runs - left} left nothing (the slowest was gone after ${slowest} s), ${left} left something`,
    );
    return left > 0 || touched.length > 0 ? 1 : 0;
  } finally {
    for (const name of strangers) await engine.call("DELETE", `/volumes/${name}`);
  }
}

/** One run to its end: how long it takes, and where its engine is. */
async function unharmed(scenario: string): Promise<{ seconds: number; socket: string }> {
  const start = performance.now();
  const run = startRun(scenario, ["--json"]);
  const [printed, code] = await Promise.all([text(run.stdout ?? process.stdin), ended(run)]);
  if (code !== 0) throw new Error(`${scenario} does not pass when it is left alone:\n${printed}`);
  const { engine } = JSON.parse(printed) as { engine: string };
  const socket = /(\/\S+\.sock)/.exec(engine)?.[1];
  if (!socket) throw new Error(`an engine at a socket is expected, seen: ${engine}`);
  return { seconds: (performance.now() - start) / 1000, socket };
}

/** A run that is killed after so many milliseconds, and the stage that it was in. */
async function killed(scenario: string, afterMs: number): Promise<{ pid: number; stage: string }> {
  const run = startRun(scenario, []);
  let stage = "before the engine";
  const lines = createInterface({ input: run.stdout ?? process.stdin });
  lines.on("line", (line) => {
    // A stage's line comes when it has ended, and those of its progress while it lasts.
    const next = /^(engine|images|cluster|steps|checks|logs|teardown) /.exec(line)?.[1];
    if (next) stage = next;
  });
  const over = ended(run);
  await Promise.race([pause(afterMs), over]);
  run.kill("SIGKILL");
  await over;
  lines.close();
  return { pid: run.pid ?? 0, stage };
}

function startRun(scenario: string, flags: readonly string[]): ChildProcess {
  return spawn(process.execPath, [MAIN, "scenario", scenario, ...flags], {
    cwd: mkdtempSync(join(tmpdir(), "slurmlab-kill-")),
    stdio: ["ignore", "pipe", "ignore"],
  });
}

function ended(run: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => run.on("exit", resolve));
}

class Engine {
  readonly #socketPath: string;

  constructor(socketPath: string) {
    this.#socketPath = socketPath;
  }

  /** Volumes as they would be of clusters that are nobody's to remove; resolves to their names. */
  async standBy(): Promise<string[]> {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").slice(0, 8);
    const space = readlinkSync("/proc/self/ns/pid").replace(/[^a-z0-9]/g, "");
    // Of this machine, and no more: started at another time than whatever has its pid now.
    const dead = `${hostname()}-${boot}/${space}/1/1`;
    const strangers: Array<Record<string, string>> = [
      { "slurmlab.owner": "elsewhere-00000000/pid1/1/1" },
      { "slurmlab.owner": dead, "slurmlab.keep": "true" },
      {},
    ];
    return await Promise.all(
      strangers.map(async (labels, i) => {
        const name = `kill-test-${process.pid}-${i}`;
        const ours = i < 2 ? { slurmlab: "0", "slurmlab.cluster": name } : {};
        await this.call("POST", "/volumes/create", { Name: name, Labels: { ...ours, ...labels } });
        return name;
      }),
    );
  }

  async everything(): Promise<Set<string>> {
    const images = (await this.call("GET", "/images/json")) as Array<{ Id: string }>;
    return new Set([
      ...(await this.#parts()).map(({ kind, id }) => `${kind} ${id}`),
      ...images.map(({ Id }) => `image ${Id}`),
    ]);
  }

  /** Waits until nothing is labelled as made by this process, four times in a row: what was asked for may come late. */
  async untilGone(pid: number): Promise<{ seconds: number; parts: string[] }> {
    const start = performance.now();
    let gone = 0;
    for (;;) {
      const parts = (await this.#parts()).filter(
        ({ labels }) => labels["slurmlab.owner"]?.split("/")[2] === String(pid),
      );
      const now = performance.now() - start;
      gone = parts.length === 0 ? gone + 1 : 0;
      if (gone === 4) return { seconds: now / 1000, parts: [] };
      if (now > LIMIT_MS) return { seconds: now / 1000, parts: parts.map(({ kind, id }) => `${kind} ${id}`) };
      await pause(500);
    }
  }

  async #parts(): Promise<Part[]> {
    const [containers, networks, volumes] = await Promise.all([
      this.call("GET", "/containers/json?all=true"),
      this.call("GET", "/networks"),
      this.call("GET", "/volumes"),
    ]);
    const named = (kind: Part["kind"], list: unknown): Part[] =>
      (list as Array<{ Id?: string; Name?: string; Labels?: Part["labels"] | null }>).map((each) => ({
        kind,
        id: each.Id ?? each.Name ?? "",
        labels: each.Labels ?? {},
      }));
    return [
      ...named("containers", containers),
      ...named("networks", networks),
      ...named("volumes", (volumes as { Volumes: unknown[] | null }).Volumes ?? []),
    ];
  }

  async call(method: string, path: string, body?: unknown): Promise<unknown> {
    const sent = request({
      socketPath: this.#socketPath,
      method,
      path,
      headers: { "content-type": "application/json" },
    });
    sent.end(body === undefined ? undefined : JSON.stringify(body));
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      sent.on("response", resolve).on("error", reject);
    });
    const said = await text(answer);
    if ((answer.statusCode ?? 500) >= 300) throw new Error(`${method} ${path}: ${answer.statusCode} ${said}`);
    return said === "" ? undefined : JSON.parse(said);
  }
}

/** Numbers from 0 to 1 that a seed decides (mulberry32). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "100" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    scenario: { type: "string", default: "hello" },
    help: { type: "boolean", short: "h", default: false },
  },
});
if (values.help) console.log(HELP);
else if (!/^[1-9]\d*$/.test(values.runs) || !/^\d+$/.test(values.seed)) {
  console.error(`--runs and --seed are whole numbers\n  seen     ${values.runs}, ${values.seed}`);
  process.exitCode = 2;
} else process.exitCode = await killTest(Number(values.runs), Number(values.seed), values.scenario);
