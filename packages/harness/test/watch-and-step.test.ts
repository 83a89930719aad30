import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { stepByStep } from "../src/cli/scenario/step-by-step.ts";
import { runOnChange } from "../src/cli/scenario/watch.ts";
import { exitCodeOf } from "../src/report/result.ts";
import { FakeEngine } from "./support/fake-engine.ts";
import { healthy } from "./support/fake-slurm.ts";
import { inProcess } from "./support/in-process.ts";
import { runOnFake } from "./support/run.ts";

describe("--watch", () => {
  test("runs again when the file's content has changed, and not when it was only written", async () => {
    const file = join(mkdtempSync(join(tmpdir(), "slurmlab-watch-")), "own.yaml");
    writeFileSync(file, "one");
    const stop = new AbortController();
    const seen: string[] = [];
    let runs = 0;
    const note = (line: string) => {
      seen.push(line);
      writeFileSync(file, "one");
      if (runs === 1) {
        rmSync(file);
        writeFileSync(file, "two");
      } else stop.abort();
    };
    const code = await runOnChange(file, async () => ++runs, { note, signal: stop.signal });
    expect({ code, runs, waited: seen.length }).toEqual({ code: 2, runs: 2, waited: 2 });
  });

  test("takes a file that is emptied and then filled for one change", async () => {
    const file = join(mkdtempSync(join(tmpdir(), "slurmlab-watch-")), "own.yaml");
    writeFileSync(file, "one");
    const stop = new AbortController();
    const read: string[] = [];
    const runOnce = async () => read.push(readFileSync(file, "utf8"));
    const note = () => {
      if (read.length > 1) return stop.abort();
      writeFileSync(file, "");
      setTimeout(() => writeFileSync(file, "two"), 5);
    };
    await runOnChange(file, runOnce, { note, signal: stop.signal });
    expect(read).toEqual(["one", "two"]);
  });

  test("takes a change that came while it ran", async () => {
    const file = join(mkdtempSync(join(tmpdir(), "slurmlab-watch-")), "own.yaml");
    writeFileSync(file, "one");
    const stop = new AbortController();
    let runs = 0;
    const runOnce = async () => {
      if (runs === 0) writeFileSync(file, "two");
      else stop.abort();
      return runs++;
    };
    expect(await runOnChange(file, runOnce, { note: () => {}, signal: stop.signal })).toBe(1);
  });
});

/** A run of two steps whose person types these lines. */
async function stepping(...typed: string[]) {
  const engine = healthy(new FakeEngine(), ["c1", "c2"]);
  const notes: string[] = [];
  const opened: string[] = [];
  const beforeStep = stepByStep({
    note: (line) => notes.push(line),
    ask: async () => typed.shift() ?? "q",
    attach: async (open) => {
      const { input, ended } = await open({ columns: 80, rows: 24 });
      input.end();
      return await ended;
    },
  });
  const { result } = await runOnFake(
    engine,
    async ({ submit, until }) => until({ job: await submit({ name: "x", run: "true" }), is: "COMPLETED" }),
    { beforeStep },
  );
  opened.push(...engine.calls.filter((call) => call.startsWith("openTerminal")));
  return { notes, opened, verdict: result.verdict, exit: exitCodeOf(result), left: await engine.listOwned() };
}

describe("--step", () => {
  test("waits before each step and goes on with Enter", async () => {
    const { notes, verdict } = await stepping("", "");
    expect({ notes, verdict }).toEqual({
      notes: ['next: submit "x"', "next: job 2 (x) is COMPLETED"],
      verdict: "passed",
    });
  });

  test("opens a shell on the node that is named, or on login, and asks again", async () => {
    const { opened, verdict } = await stepping("s c2", "s", "", "");
    expect({ opened, verdict }).toEqual({
      opened: ["openTerminal c2 bash -l", "openTerminal login bash -l"],
      verdict: "passed",
    });
  });

  test("names the nearest node for one that there is not, and what else is none of its words", async () => {
    const { notes, opened } = await stepping("s c3", "help", "", "");
    expect(notes.slice(1, 3)).toEqual([
      'there is no node "c3"; did you mean "c1"?',
      '"help" is none of these',
    ]);
    expect(opened).toEqual([]);
  });

  test("quits as Ctrl-C does, and leaves nothing", async () => {
    expect(await stepping("", "q")).toMatchObject({ verdict: "interrupted", exit: 130, left: [] });
  });

  test("is refused without a terminal", async () => {
    vi.stubEnv("DOCKER_HOST", "unix:///nonexistent/docker.sock");
    const { exitCode, stderr } = await inProcess(["scenario", "hello", "--step"]);
    expect({ exitCode, said: stderr.includes("there is no terminal") }).toEqual({ exitCode: 2, said: true });
  });
});
