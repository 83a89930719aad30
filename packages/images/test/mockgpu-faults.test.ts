import { chmod, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { hasCompiler, MockGpus, noCompiler, uuid } from "./support/mock-gpus.ts";

describe.skipIf(!hasCompiler)(`what the mock GPUs show of a machine${noCompiler}`, () => {
  const mock = new MockGpus();

  describe("visibility", () => {
    test("a GPU whose node cannot be opened is not listed", async () => {
      await mock.machine(["sys.gpus=4"]);
      await rm(join(mock.dev, "nvidia1"));
      await rm(join(mock.dev, "nvidia2"));
      expect((await mock.csv("uuid")).stdout).toBe(`${uuid(0)}\n${uuid(3)}\n`);
    });

    test("the GPUs that are left are numbered from zero without gaps", async () => {
      await mock.machine(["sys.gpus=4"]);
      await rm(join(mock.dev, "nvidia0"));
      await rm(join(mock.dev, "nvidia2"));
      expect((await mock.csv("index,count,uuid")).stdout).toBe(`0, 2, ${uuid(1)}\n1, 2, ${uuid(3)}\n`);
    });

    test("a node that is there without a driver behind it (ENXIO) counts as visible", async () => {
      await mock.machine(["sys.gpus=1"], 0);
      const socket = createServer().listen(join(mock.dev, "nvidia0"));
      await new Promise((resolve) => socket.once("listening", resolve));
      const probe = JSON.parse((await mock.run("gpu-probe")).stdout);
      expect(probe.nodes).toEqual({ "0": "ENXIO" });
      expect(probe.nvml).toHaveLength(1);
      socket.close();
    });

    test.skipIf(process.getuid?.() === 0)("a node without permission is not listed", async () => {
      await mock.machine(["sys.gpus=2"], 2);
      await chmod(join(mock.dev, "nvidia0"), 0);
      expect((await mock.csv("uuid")).stdout).toBe(`${uuid(1)}\n`);
    });

    test("the minor number, not the position, says which node belongs to a GPU", async () => {
      await mock.machine(["sys.gpus=2", "gpu.0.minor=1", "gpu.1.minor=0"], 1);
      expect((await mock.csv("uuid")).stdout).toBe(`${uuid(1)}\n`);
    });

    test("CUDA_VISIBLE_DEVICES changes nothing, as on hardware", async () => {
      await mock.machine(["sys.gpus=2"], 2);
      const { stdout } = await mock.run("nvidia-smi", ["-L"], { CUDA_VISIBLE_DEVICES: "1" });
      expect(stdout.split("\n")).toHaveLength(3);
    });
  });

  describe("faults", () => {
    const lost = "Unable to determine the device handle for GPU0000:12:00.0: Unknown Error\n";

    test("a lost GPU ends the table and queries with its bus id and exit code 15", async () => {
      await mock.machine(["gpu.2.fault=lost", "sys.gpus=4"]);
      expect(await mock.smi()).toMatchObject({ stdout: lost, exitCode: 15 });
      expect(await mock.csv("name")).toMatchObject({ stdout: lost, exitCode: 15 });
      expect(await mock.smi("-q")).toMatchObject({ stdout: lost, exitCode: 15 });
    });

    test("a lost GPU keeps its place in -L, and the others can be asked with -i", async () => {
      await mock.machine(["gpu.2.fault=lost", "sys.gpus=4"]);
      const list = await mock.smi("-L");
      expect(list.exitCode).toBe(15);
      expect(list.stdout.split("\n")[2]).toBe(lost.trim());
      expect(list.stdout).toContain("GPU 3: ");
      expect(await mock.smi("--query-gpu=index", "-i", "3")).toMatchObject({ exitCode: 0 });
      expect(await mock.smi("--query-gpu=index", "-i", "2")).toMatchObject({ stdout: lost, exitCode: 15 });
    });

    test("a GPU that is gone is missing from the count although its node is there", async () => {
      await mock.machine(["gpu.1.fault=gone", "sys.gpus=3"]);
      expect((await mock.csv("index,uuid")).stdout).toBe(`0, ${uuid(0)}\n1, ${uuid(2)}\n`);
    });

    test("a fault is a whole word of a comma list", async () => {
      await mock.machine(["gpu.0.fault=lostish", "gpu.1.fault=other,gone", "sys.gpus=2"]);
      expect((await mock.smi("-L")).stdout).toMatch(/^GPU 0: .*\n$/);
    });

    test("the line in front wins, so taking it away heals", async () => {
      await mock.machine(["gpu.0.fault=lost", "gpu.0.fault=", "sys.gpus=1"]);
      expect((await mock.smi("-L")).exitCode).toBe(15);
      await writeFile(mock.state, "gpu.0.fault=\nsys.gpus=1\n");
      expect((await mock.smi("-L")).exitCode).toBe(0);
    });

    test("a version mismatch names the library's version, exit code 18", async () => {
      await mock.machine(["sys.init_rc=18", "sys.gpus=4", "sys.nvml=12.550.163.01"]);
      for (const args of [[], ["-L"], ["-q"], ["--query-gpu=name", "--format=csv"]])
        expect(await mock.smi(...args)).toMatchObject({
          stdout:
            "Failed to initialize NVML: Driver/library version mismatch\nNVML library version: 550.163\n",
          exitCode: 18,
        });
    });

    test("a driver that is not loaded is explained, exit code 9", async () => {
      await mock.machine(["sys.init_rc=9", "sys.gpus=4"]);
      const { stdout, exitCode } = await mock.smi();
      expect(exitCode).toBe(9);
      expect(stdout).toMatch(
        /^NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver\./,
      );
    });

    test("a lost control device is an unknown error, exit code 255", async () => {
      await mock.machine(["sys.init_rc=999", "sys.gpus=4"]);
      expect(await mock.smi()).toMatchObject({
        stdout: "Failed to initialize NVML: Unknown Error\n",
        exitCode: 255,
      });
    });

    test("sys.delay_ms makes every call slow", async () => {
      await mock.machine(["sys.gpus=1", "sys.delay_ms=60"], 1);
      const start = performance.now();
      await mock.smi("-L");
      expect(performance.now() - start).toBeGreaterThan(5 * 60);
    });

    test("a state file that is missing is a machine without GPUs", async () => {
      await mock.machine([]);
      await rm(mock.state);
      expect(await mock.smi()).toMatchObject({ exitCode: 6 });
    });
  });
});
