import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, test } from "vitest";
import { compiles, hasCompiler, MockGpus, noCompiler } from "./support/mock-gpus.ts";

const hasAddressSanitizer = compiles("-fsanitize=address,undefined");

describe.skipIf(!hasCompiler)(`the state that the mock GPUs read${noCompiler}`, () => {
  const mock = new MockGpus();

  describe("any state file", () => {
    /** A small generator with a seed, so that a failure can be seen again. */
    function random(seed: number): () => number {
      let a = seed;
      return () => {
        a = (a + 0x6d2b79f5) | 0;
        let t = Math.imul(a ^ (a >>> 15), 1 | a);
        t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
        return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
      };
    }

    const keys = `name uuid minor pci cpus nvlink mig mig.0.profile mig.0.uuid mig.0.procs procs
      fault mem_mb mem_used_mb util util_mem temp fan power_mw power_limit_mw pstate persistence
      compute_mode ecc ecc_uncorr ecc_corr serial compute_cap clock_sm clocks_graphics`.split(/\s+/);

    function anyBytes(next: () => number, length: number): Buffer {
      return Buffer.from(Array.from({ length }, () => Math.floor(next() * 256)));
    }

    /** Lines that look right, with values that mostly are not. */
    function anyLines(next: () => number): Buffer {
      const values = [
        "",
        "-1",
        "99999999999999999999",
        "0:0:0",
        "1:1:1,",
        ",,,",
        "0-9999999999",
        "-5--3",
        "7g.99999gb",
        "%s%n%d",
        "lost",
        "x".repeat(600),
        "1.2.3.4.5.6",
        ":::",
        "1e9",
      ];
      const pick = <T>(list: T[]) => list[Math.floor(next() * list.length)] as T;
      const parts: Buffer[] = [Buffer.from(`sys.gpus=${pick(["2", "2", "3", "-1", "1e9", "x"])}\n`)];
      for (let i = 0; i < 20; i++) {
        const value = next() < 0.3 ? anyBytes(next, 40) : Buffer.from(pick(values));
        const gpu = pick(["0", "1", "all"]);
        parts.push(Buffer.from(`gpu.${gpu}.${pick(keys)}=`), value, Buffer.from("\n"));
      }
      parts.push(
        Buffer.from(`sys.driver=${pick(values)}\nsys.nvml=${pick(values)}\nsys.cuda=${pick(values)}`),
      );
      return Buffer.concat(parts);
    }

    const commands = [
      ["nvidia-smi"],
      ["nvidia-smi", "-L"],
      ["nvidia-smi", "-q"],
      ["nvidia-smi", "--query-compute-apps=pid,name,gpu_uuid", "--format=csv"],
      ["nvidia-smi", "--version"],
      ["gpu-probe"],
    ];

    test("never makes a program crash", async () => {
      const sanitizers = "CFLAGS=-O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all";
      if (hasAddressSanitizer) await mock.build("checked", [sanitizers, "NO_UNDEFINED="]);
      const programs = hasAddressSanitizer ? join(mock.root, "checked/opt/mockgpu/bin") : mock.bin;
      await mock.machine([], 3);
      for (let seed = 1; seed <= 300; seed++) {
        const next = random(seed);
        const length = Math.floor(next() * 3000);
        await writeFile(mock.state, seed % 3 === 0 ? anyBytes(next, length) : anyLines(next));
        const [program = "", ...args] = commands[seed % commands.length] ?? [];
        const result = await execa(join(programs, program), args, {
          env: { ...mock.env, ASAN_OPTIONS: "detect_leaks=0" },
          encoding: "buffer",
          reject: false,
          timeout: 10_000,
        });
        const errors = Buffer.from(result.stderr).toString();
        expect({ seed, signal: result.signal, errors }).toEqual({ seed, signal: undefined, errors: "" });
        expect([0, 6, 15], `exit code with seed ${seed}`).toContain(result.exitCode);
      }
    }, 120_000);

    test("may end without a newline", async () => {
      await mock.machine([], 1);
      await writeFile(mock.state, "gpu.0.name=Last Line\nsys.gpus=1");
      expect((await mock.csv("name")).stdout).toBe("Last Line\n");
    });

    test("may hold huge lines, whose values are cut", async () => {
      await mock.machine([`x=${"y".repeat(30_000)}`, `gpu.0.name=${"n".repeat(5_000)}`, "sys.gpus=1"], 1);
      expect((await mock.csv("name")).stdout).toBe(`${"n".repeat(511)}\n`);
    });

    test("ends at 64 KiB, and half a line there does not count", async () => {
      const room = 65_536 - "sys.gpus=1\n#".length - "\ngpu.0.name=N".length;
      await mock.machine([], 1);
      await writeFile(mock.state, `sys.gpus=1\n#${"y".repeat(room)}\ngpu.0.name=Name\n`);
      expect((await mock.csv("name")).stdout).toBe("NVIDIA A100-SXM4-40GB\n");
    });

    test("takes a value as absent that should be a number and is none", async () => {
      await mock.machine(["sys.gpus=1", "gpu.0.temp=hot", "gpu.0.util=900"], 1);
      expect((await mock.csv("temperature.gpu,utilization.gpu")).stdout).toBe("33, 100 %\n");
    });
  });
});
