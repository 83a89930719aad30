import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, test } from "vitest";
import { hasCompiler, MockGpus, noCompiler } from "./support/mock-gpus.ts";

/** One call of the real nvidia-smi, and what it printed; golden/README.md says where and when. */
interface Recorded {
  readonly args: readonly string[];
  /** Lines of state that say what was so at that moment. */
  readonly state?: readonly string[];
  /** How many GPUs it could open, where not the one there is. */
  readonly nodes?: number;
  readonly exitCode: number;
  readonly stdout: readonly string[];
}

const golden = (card: string, file: string) => join(import.meta.dirname, "golden", `real-${card}`, file);

/** Dates and times as the recordings have them. */
const timeless = (text: string) =>
  text
    .replace(/\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4}/g, "<date>")
    .replace(/\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d\.\d{3}/g, "<time>");

const cards = ["h100", "h200"].map((card) => ({
  card,
  state: readFileSync(golden(card, "state"), "utf8").trimEnd().split("\n"),
  commands: JSON.parse(readFileSync(golden(card, "commands.json"), "utf8")) as Recorded[],
}));

describe.skipIf(!hasCompiler)(`the mock held against real cards${noCompiler}`, () => {
  const mock = new MockGpus();

  async function smi(...args: string[]): Promise<string> {
    return timeless((await mock.smi(...args)).stdout);
  }

  describe.each(cards)("an $card", ({ card, state, commands }) => {
    test.each(
      commands.map((recorded) => ({
        ...recorded,
        title: [...recorded.args, ...(recorded.state ?? []), recorded.nodes === 0 ? "(no GPU)" : ""].join(
          " ",
        ),
      })),
    )("nvidia-smi $title", async ({ args, state: now = [], nodes = 1, exitCode, stdout }) => {
      await mock.machine([...now, ...state], nodes);
      const seen = await mock.smi(...args);
      expect({ ...seen, stdout: timeless(seen.stdout).split("\n") }).toEqual({
        exitCode,
        stdout,
        stderr: "",
        signal: undefined,
      });
    });

    test("the table is the same to the byte", async () => {
      await mock.machine(state, 1);
      expect(await smi()).toBe(await readFile(golden(card, "table.txt"), "utf8"));
    });

    test("-q prints lines of the real report alone, in its order", async () => {
      // The card of 143771 MiB keeps 615.06 MiB for itself, which the real tool rounds up; the state has whole ones.
      const real = (await readFile(golden(card, "q.txt"), "utf8")).replace("616 MiB", "615 MiB").split("\n");
      await mock.machine(state, 1);
      const shown = (await smi("-q")).split("\n");
      let from = 0;
      for (const line of shown) {
        const at = real.indexOf(line, from);
        expect({ line, found: at >= 0 }).toEqual({ line, found: true });
        from = at + 1;
      }
      expect(shown.length).toBeGreaterThan(50);
    });
  });

  describe("a library's answers", () => {
    test("are an H100's, for every function that only reads, with good and with wrong arguments", async () => {
      const program = join(mock.root, "nvml-calls");
      const sources = ["system.c", "gpu.c"].map((file) => join(import.meta.dirname, "nvml-calls", file));
      await execa("cc", ["-std=gnu11", "-Wall", "-o", program, ...sources, "-ldl"]);
      await mock.machine(cards[0]?.state.slice() ?? [], 1);
      const { stdout } = await execa(program, [mock.library], { env: mock.env, reject: false });
      expect(stdout.split("\n")).toEqual(
        (await readFile(golden("h100", "calls.txt"), "utf8")).trimEnd().split("\n"),
      );
    });
  });

  describe("processes", () => {
    test("are in an H100's table, with names cut where it cuts them", async () => {
      const real = (await readFile(golden("h100", "processes.txt"), "utf8")).split("\n");
      const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
      const lengths = [28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 40, 62];
      const names = [...lengths.map((n) => letters.slice(0, n)), "/a b/c d/with spaces"];
      const running = names.map((argv0) => execa("sleep", ["60"], { argv0, reject: false }));
      const procs = running.map(({ pid }) => `${pid}:14:0`).join(",");
      const now = ["temp=40", "power_mw=123000", "mem_used_mb=253", `procs=${procs}`];
      await mock.machine([...now.map((line) => `gpu.0.${line}`), ...(cards[0]?.state ?? [])], 1);
      const seen = (await smi()).split("\n");
      for (const process of running) process.kill();
      await Promise.all(running);
      expect(withoutPids(seen)).toEqual(withoutPids(real));
    });

    test("are in the order of their numbers in reports, and of the driver in queries", async () => {
      await mock.machine(["gpu.0.procs=4000002:1:0,4000001:1:0", "sys.gpus=1"], 1);
      const numbers = (text: string) => text.match(/400000\d/g);
      expect(numbers(await smi())).toEqual(["4000001", "4000002"]);
      expect(numbers(await smi("-q"))).toEqual(["4000001", "4000002"]);
      expect(numbers(await smi("--query-compute-apps=pid"))).toEqual(["4000002", "4000001"]);
    });

    /** Numbers are given by the kernel: their place stays, their order does not count. */
    const withoutPids = (lines: string[]) =>
      lines.map((line) => line.replace(/ {2,}\d+ {6}C /, (pid) => "#".repeat(pid.length))).sort();
  });
});
