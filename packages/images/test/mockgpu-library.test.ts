import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, test } from "vitest";
import { compiles, hasCompiler, MockGpus, noCompiler, SOURCE, uuid } from "./support/mock-gpus.ts";

/** The symbols that Slurm's gpu/nvml plugin binds, over all versions from 20.11 to 26.05. */
const slurmSymbols = `nvmlInit_v2 nvmlShutdown nvmlErrorString nvmlSystemGetDriverVersion
  nvmlSystemGetNVMLVersion nvmlDeviceGetCount_v2 nvmlDeviceGetHandleByIndex_v2 nvmlDeviceGetName
  nvmlDeviceGetUUID nvmlDeviceGetPciInfo_v3 nvmlDeviceGetMinorNumber nvmlDeviceGetCpuAffinity
  nvmlDeviceGetNvLinkState nvmlDeviceGetNvLinkRemotePciInfo_v2 nvmlDeviceGetSupportedMemoryClocks
  nvmlDeviceGetSupportedGraphicsClocks nvmlDeviceGetMigMode nvmlDeviceGetMaxMigDeviceCount
  nvmlDeviceGetMigDeviceHandleByIndex nvmlDeviceGetGpuInstanceId nvmlDeviceGetComputeInstanceId
  nvmlDeviceGetAttributes_v2 nvmlDeviceGetApplicationsClock nvmlDeviceSetApplicationsClocks
  nvmlDeviceResetApplicationsClocks nvmlDeviceGetComputeRunningProcesses_v3
  nvmlDeviceGetGraphicsRunningProcesses_v3 nvmlDeviceGetProcessUtilization nvmlDeviceGetClockInfo
  nvmlDeviceSetGpuLockedClocks nvmlDeviceResetGpuLockedClocks nvmlDeviceSetMemoryLockedClocks
  nvmlDeviceResetMemoryLockedClocks`.split(/\s+/);

const hasThreadSanitizer = compiles("-fsanitize=thread");

describe.skipIf(!hasCompiler)(`the mock library and gpu-probe${noCompiler}`, () => {
  const mock = new MockGpus();

  describe("gpu-probe", () => {
    test("prints one line of JSON about environment, nodes and NVML", async () => {
      await mock.machine(["sys.gpus=3", "gpu.2.name=T4"], 3);
      await rm(join(mock.dev, "nvidia1"));
      await mkdir(join(mock.dev, "nvidia10"));
      await writeFile(join(mock.dev, "nvidiactl"), "");
      const { stdout } = await mock.run("gpu-probe", [], { CUDA_VISIBLE_DEVICES: 'MIG-"1"\\\n' });
      expect(stdout.match(/\n/g)).toHaveLength(1);
      expect(JSON.parse(stdout)).toEqual({
        cuda_visible_devices: 'MIG-"1"\\\n',
        nodes: { "0": "OK", "2": "OK", "10": "EISDIR" },
        nvml: [
          { index: 0, uuid: uuid(0), name: "NVIDIA A100-SXM4-40GB", minor: 0 },
          { index: 1, uuid: uuid(2), name: "T4", minor: 2 },
        ],
      });
    });

    test("has null for a variable that is not set", async () => {
      await mock.machine(["sys.gpus=0"], 0);
      const { CUDA_VISIBLE_DEVICES: _, ...env } = process.env;
      const { stdout } = await execa(join(mock.bin, "gpu-probe"), {
        extendEnv: false,
        env: { ...env, ...mock.env },
      });
      expect(JSON.parse(stdout)).toEqual({ cuda_visible_devices: null, nodes: {}, nvml: [] });
    });

    test("reports why NVML did not start", async () => {
      await mock.machine(["sys.init_rc=18"], 0);
      const { nvml } = JSON.parse((await mock.run("gpu-probe")).stdout);
      expect(nvml).toEqual({ error: "Driver/library version mismatch" });
    });

    test("reports a lost GPU in its place", async () => {
      await mock.machine(["sys.gpus=2", "gpu.0.fault=lost"], 2);
      const { nvml } = JSON.parse((await mock.run("gpu-probe")).stdout);
      expect(nvml[0]).toEqual({ index: 0, error: "GPU is lost" });
      expect(nvml[1]).toMatchObject({ index: 1, minor: 1 });
    });

    test("leaves the mock alone outside mock mode", async () => {
      await mock.machine(["sys.gpus=1"], 1);
      const { stdout } = await mock.run("gpu-probe", [], { MOCKGPU_STATE: join(mock.root, "none") });
      expect(JSON.stringify(JSON.parse(stdout).nvml)).not.toContain(uuid(0));
    });
  });

  describe("the library", () => {
    test("exports NVML symbols only, and all that any Slurm version binds", async () => {
      const { stdout } = await execa("nm", ["-D", "--defined-only", mock.library]);
      const names = stdout.split("\n").map((line) => line.split(" ").at(-1) ?? "");
      expect(names.filter((name) => !name.startsWith("nvml"))).toEqual([]);
      expect(names).toEqual(expect.arrayContaining(slurmSymbols));
    });

    test("has both names, for Slurm before 24.05 knows only the one without a number", async () => {
      const unversioned = await readFile(mock.library.replace(/\.1$/, ""));
      expect(unversioned.equals(await readFile(mock.library))).toBe(true);
    });

    test("reads the state at every call, and can be loaded, forked around and unloaded at will", async () => {
      await mock.machine(["sys.gpus=2"], 2);
      const program = join(mock.root, "reload");
      const source = join(import.meta.dirname, "mockgpu-reload.c");
      await execa("cc", ["-std=gnu11", "-Wall", "-o", program, source, "-ldl"]);
      const env = mock.env;
      const { stdout } = await execa(program, [mock.library], { env, reject: false });
      expect(stdout).toBe("0 wrong");
    });

    const sanitizer = hasThreadSanitizer ? "under the thread sanitizer" : "(no thread sanitizer here)";
    test(`answers two threads at once ${sanitizer}`, async () => {
      await mock.machine([], 2);
      const program = join(mock.root, "threads");
      const files = await execa("sh", ["-c", `ls ${SOURCE}/nvml/*.c`]);
      const flags = hasThreadSanitizer ? ["-fsanitize=thread", "-g", "-O1"] : ["-O1"];
      const threads = join(import.meta.dirname, "mockgpu-threads.c");
      await execa("cc", [
        "-std=gnu11",
        ...flags,
        "-pthread",
        "-o",
        program,
        threads,
        ...files.stdout.split("\n"),
      ]);
      const env = mock.env;
      const { stdout, stderr } = await execa(program, { env, reject: false });
      expect(stderr).toBe("");
      expect(stdout).toBe("0 wrong answers");
    }, 60_000);
  });
});
