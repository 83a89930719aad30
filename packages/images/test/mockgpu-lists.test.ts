import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, test } from "vitest";
import { hasCompiler, MockGpus, noCompiler, uuid } from "./support/mock-gpus.ts";

const golden = join(import.meta.dirname, "golden");

describe.skipIf(!hasCompiler)(`what the mock nvidia-smi lists${noCompiler}`, () => {
  const mock = new MockGpus();

  describe("nvidia-smi -L", () => {
    test("prints one line for each GPU, and nothing else", async () => {
      await mock.machine(["sys.gpus=2", "gpu.1.name=NVIDIA GeForce RTX 3070", "gpu.1.uuid=GPU-abc"], 2);
      expect(await mock.smi("-L")).toEqual({
        stdout:
          `GPU 0: NVIDIA A100-SXM4-40GB (UUID: ${uuid(0)})\n` +
          "GPU 1: NVIDIA GeForce RTX 3070 (UUID: GPU-abc)\n",
        stderr: "",
        exitCode: 0,
        signal: undefined,
      });
    });

    test("lists the MIG devices under their GPU", async () => {
      await mock.machine(["gpu.0.mig=2", "gpu.0.mig.1.profile=3g.20gb", "sys.gpus=2"], 2);
      expect((await mock.smi("-L")).stdout).toBe(
        `GPU 0: NVIDIA A100-SXM4-40GB (UUID: ${uuid(0)})\n` +
          "  MIG 1g.5gb      Device  0: (UUID: MIG-00000000-0000-0000-0000-000000000000)\n" +
          "  MIG 3g.20gb     Device  1: (UUID: MIG-00000000-0000-0000-0000-000000000001)\n" +
          `GPU 1: NVIDIA A100-SXM4-40GB (UUID: ${uuid(1)})\n`,
      );
    });

    test("says that there are none, in words of its own and with exit code 0; the table fails with 6", async () => {
      await mock.machine(["sys.gpus=0"], 0);
      expect(await mock.smi("-L")).toMatchObject({ stdout: "No devices found.\n", exitCode: 0 });
      expect(await mock.smi()).toMatchObject({ stdout: "No devices were found\n", exitCode: 6 });
    });
  });

  describe("the table", () => {
    test("is R550's, to the column", async () => {
      await mock.machine(await goldenState("table"), 3);
      const { stdout, exitCode } = await mock.smi();
      expect(exitCode).toBe(0);
      const [date, ...table] = stdout.split("\n");
      expect(date).toMatch(/^\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4} {7}$/);
      expect(table.join("\n")).toBe(await readFile(join(golden, "mockgpu-table.txt"), "utf8"));
    });

    test("has a second part while MIG is on", async () => {
      await mock.machine(await goldenState("mig"), 1);
      const table = (await mock.smi()).stdout.split("\n").slice(1);
      expect(table.join("\n")).toBe(await readFile(join(golden, "mockgpu-mig.txt"), "utf8"));
    });

    test("cuts a long program name at its start", async () => {
      const argv0 = `/opt/${"very/".repeat(10)}long/name`;
      const sleeper = execa("sleep", ["30"], { argv0, reject: false });
      await mock.machine([`gpu.0.procs=${sleeper.pid}:5:0`, "sys.gpus=1"], 1);
      const { stdout } = await mock.smi();
      sleeper.kill();
      await sleeper;
      expect(stdout).toContain(`      C   ...${argv0.slice(-37)}        5MiB |`);
      expect(widths(stdout.split("\n").slice(1))).toEqual([91]);
    });

    const widths = (rows: string[]) => [
      ...new Set(rows.filter((row) => row.trim()).map((row) => row.length)),
    ];
  });

  describe("nvidia-smi -q", () => {
    test("shows figures in sections with the colon in one column", async () => {
      await mock.machine(["sys.gpus=1", "gpu.0.ecc_uncorr=3"], 1);
      const { stdout, exitCode } = await mock.smi("-q");
      expect(exitCode).toBe(0);
      expect(stdout).toContain("\n==============NVSMI LOG==============\n");
      expect(stdout).toContain("\nGPU 00000000:10:00.0\n");
      expect(stdout).toContain(`\n    GPU UUID                              : ${uuid(0)}\n`);
      expect(stdout).toContain("\n            DRAM Uncorrectable            : 3\n");
      const colons = stdout
        .split("\n")
        .map((line) => line.indexOf(" : "))
        .filter((at) => at >= 0);
      expect(new Set(colons)).toEqual(new Set([41]));
    });

    test("shows only the sections of -d", async () => {
      await mock.machine(["sys.gpus=1"], 1);
      const { stdout } = await mock.smi("-q", "-d", "MEMORY,ECC");
      expect(stdout).toContain("FB Memory Usage");
      expect(stdout).toContain("ECC Errors");
      expect(stdout).not.toContain("Product Name");
      expect(stdout).not.toContain("Temperature");
    });
  });

  async function goldenState(name: string): Promise<string[]> {
    return (await readFile(join(golden, `mockgpu-${name}.state`), "utf8")).trimEnd().split("\n");
  }
});
