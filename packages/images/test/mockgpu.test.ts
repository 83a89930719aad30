import { spawnSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const source = join(import.meta.dirname, "..", "mockgpu");
const golden = join(import.meta.dirname, "golden");
const hasCompiler = ["cc", "make"].every((tool) => spawnSync(tool, ["--version"]).status === 0);
const hasThreadSanitizer = hasCompiler && compiles("-fsanitize=thread");
const hasAddressSanitizer = hasCompiler && compiles("-fsanitize=address,undefined");

function compiles(flag: string): boolean {
  const build = spawnSync("cc", [flag, "-x", "c", "-o", "/dev/null", "-"], {
    input: "int main(void) { return 0; }",
  });
  return build.status === 0;
}

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

const noCompiler = hasCompiler ? "" : " (skipped: no C compiler or make here)";

describe.skipIf(!hasCompiler)(`the mock GPU tools${noCompiler}`, () => {
  let root: string;
  let bin: string;
  let library: string;
  let state: string;
  let dev: string;

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), "mockgpu-"));
    await build("image", []);
    bin = join(root, "image", "opt/mockgpu/bin");
    library = join(root, "image", "opt/mockgpu/lib/libnvidia-ml.so.1");
    state = join(root, "state");
  }, 120_000);

  afterAll(async () => {
    await rm(root, { recursive: true, force: true });
  });

  async function build(name: string, variables: string[]): Promise<void> {
    const folders = [`BUILD=${join(root, `${name}.build`)}`, `DESTDIR=${join(root, name)}`];
    await execa("make", ["-C", source, ...folders, ...variables, "install"]);
  }

  /** A machine with these lines of state and a node for each of the first `nodes` GPUs. */
  async function machine(lines: string[], nodes = 4): Promise<void> {
    await writeFile(state, `${lines.join("\n")}\n`);
    dev = await mkdtemp(join(root, "dev-"));
    for (let minor = 0; minor < nodes; minor++) await writeFile(join(dev, `nvidia${minor}`), "");
  }

  async function run(program: string, args: string[] = [], env: Record<string, string> = {}) {
    const { stdout, stderr, exitCode, signal } = await execa(join(bin, program), args, {
      env: { MOCKGPU_STATE: state, MOCKGPU_DEV: dev, ...env },
      reject: false,
      stripFinalNewline: false,
      timeout: 20_000,
    });
    return { stdout, stderr, exitCode, signal };
  }

  const smi = (...args: string[]) => run("nvidia-smi", args);
  const csv = (fields: string, format = "csv,noheader") => smi(`--query-gpu=${fields}`, `--format=${format}`);
  const uuid = (n: number) => `GPU-00000000-0000-0000-0000-${String(n).padStart(12, "0")}`;

  describe("nvidia-smi -L", () => {
    test("prints one line for each GPU, and nothing else", async () => {
      await machine(["sys.gpus=2", "gpu.1.name=NVIDIA GeForce RTX 3070", "gpu.1.uuid=GPU-abc"], 2);
      expect(await smi("-L")).toEqual({
        stdout:
          `GPU 0: NVIDIA A100-SXM4-40GB (UUID: ${uuid(0)})\n` +
          "GPU 1: NVIDIA GeForce RTX 3070 (UUID: GPU-abc)\n",
        stderr: "",
        exitCode: 0,
        signal: undefined,
      });
    });

    test("lists the MIG devices under their GPU", async () => {
      await machine(["gpu.0.mig=2", "gpu.0.mig.1.profile=3g.20gb", "sys.gpus=2"], 2);
      expect((await smi("-L")).stdout).toBe(
        `GPU 0: NVIDIA A100-SXM4-40GB (UUID: ${uuid(0)})\n` +
          "  MIG 1g.5gb      Device  0: (UUID: MIG-00000000-0000-0000-0000-000000000000)\n" +
          "  MIG 3g.20gb     Device  1: (UUID: MIG-00000000-0000-0000-0000-000000000001)\n" +
          `GPU 1: NVIDIA A100-SXM4-40GB (UUID: ${uuid(1)})\n`,
      );
    });

    test("says that there are none, with exit code 6, on a machine without GPUs", async () => {
      await machine(["sys.gpus=0"], 0);
      expect(await smi("-L")).toMatchObject({ stdout: "No devices were found\n", exitCode: 6 });
      expect(await smi()).toMatchObject({ stdout: "No devices were found\n", exitCode: 6 });
    });
  });

  describe("visibility", () => {
    test("a GPU whose node cannot be opened is not listed", async () => {
      await machine(["sys.gpus=4"]);
      await rm(join(dev, "nvidia1"));
      await rm(join(dev, "nvidia2"));
      expect((await csv("uuid")).stdout).toBe(`${uuid(0)}\n${uuid(3)}\n`);
    });

    test("the GPUs that are left are numbered from zero without gaps", async () => {
      await machine(["sys.gpus=4"]);
      await rm(join(dev, "nvidia0"));
      await rm(join(dev, "nvidia2"));
      expect((await csv("index,count,uuid")).stdout).toBe(`0, 2, ${uuid(1)}\n1, 2, ${uuid(3)}\n`);
    });

    test("a node that is there without a driver behind it (ENXIO) counts as visible", async () => {
      await machine(["sys.gpus=1"], 0);
      const socket = createServer().listen(join(dev, "nvidia0"));
      await new Promise((resolve) => socket.once("listening", resolve));
      const probe = JSON.parse((await run("gpu-probe")).stdout);
      expect(probe.nodes).toEqual({ "0": "ENXIO" });
      expect(probe.nvml).toHaveLength(1);
      socket.close();
    });

    test.skipIf(process.getuid?.() === 0)("a node without permission is not listed", async () => {
      await machine(["sys.gpus=2"], 2);
      await chmod(join(dev, "nvidia0"), 0);
      expect((await csv("uuid")).stdout).toBe(`${uuid(1)}\n`);
    });

    test("the minor number, not the position, says which node belongs to a GPU", async () => {
      await machine(["sys.gpus=2", "gpu.0.minor=1", "gpu.1.minor=0"], 1);
      expect((await csv("uuid")).stdout).toBe(`${uuid(1)}\n`);
    });

    test("CUDA_VISIBLE_DEVICES changes nothing, as on hardware", async () => {
      await machine(["sys.gpus=2"], 2);
      const { stdout } = await run("nvidia-smi", ["-L"], { CUDA_VISIBLE_DEVICES: "1" });
      expect(stdout.split("\n")).toHaveLength(3);
    });
  });

  describe("the table", () => {
    test("is R550's, to the column", async () => {
      await machine(await goldenState("table"), 3);
      const { stdout, exitCode } = await smi();
      expect(exitCode).toBe(0);
      const [date, ...table] = stdout.split("\n");
      expect(date).toMatch(/^\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4} {7}$/);
      expect(table.join("\n")).toBe(await readFile(join(golden, "mockgpu-table.txt"), "utf8"));
    });

    test("has a second part while MIG is on", async () => {
      await machine(await goldenState("mig"), 1);
      const table = (await smi()).stdout.split("\n").slice(1);
      expect(table.join("\n")).toBe(await readFile(join(golden, "mockgpu-mig.txt"), "utf8"));
    });

    test("cuts a long program name at its start", async () => {
      const argv0 = `/opt/${"very/".repeat(10)}long/name`;
      const sleeper = execa("sleep", ["30"], { argv0, reject: false });
      await machine([`gpu.0.procs=${sleeper.pid}:5:0`, "sys.gpus=1"], 1);
      const { stdout } = await smi();
      sleeper.kill();
      await sleeper;
      expect(stdout).toContain(`      C   ...${argv0.slice(-37)}        5MiB |`);
      expect(widths(stdout.split("\n").slice(1))).toEqual([91]);
    });

    const widths = (rows: string[]) => [
      ...new Set(rows.filter((row) => row.trim()).map((row) => row.length)),
    ];
  });

  async function goldenState(name: string): Promise<string[]> {
    return (await readFile(join(golden, `mockgpu-${name}.state`), "utf8")).trimEnd().split("\n");
  }

  describe("nvidia-smi --query-gpu", () => {
    const fields = "index,gpu_name,memory.total,utilization.gpu,power.draw,clocks.sm";

    test("writes a header with units and cells with units", async () => {
      await machine(["sys.gpus=1", "gpu.0.util=77"], 1);
      expect((await csv(fields, "csv")).stdout).toBe(
        "index, name, memory.total [MiB], utilization.gpu [%], power.draw [W], clocks.current.sm [MHz]\n" +
          "0, NVIDIA A100-SXM4-40GB, 40960 MiB, 77 %, 52.00 W, 1095 MHz\n",
      );
    });

    test("leaves out the header with noheader", async () => {
      await machine(["sys.gpus=1"], 1);
      expect((await csv(fields, "csv,noheader")).stdout).toBe(
        "0, NVIDIA A100-SXM4-40GB, 40960 MiB, 0 %, 52.00 W, 1095 MHz\n",
      );
    });

    test("leaves out the units of the cells, not of the header, with nounits", async () => {
      await machine(["sys.gpus=1"], 1);
      expect((await csv("memory.used,memory.free", "csv,nounits")).stdout).toBe(
        "memory.used [MiB], memory.free [MiB]\n0, 40960\n",
      );
    });

    test("knows every field that it promises", async () => {
      const promised =
        "index,name,gpu_name,uuid,gpu_uuid,serial,pci.bus_id,driver_version,count,timestamp," +
        "memory.total,memory.used,memory.free,utilization.gpu,utilization.memory,temperature.gpu," +
        "power.draw,power.limit,pstate,clocks.sm,clocks.mem,compute_mode,persistence_mode," +
        "mig.mode.current,ecc.errors.corrected.volatile.total,ecc.errors.corrected.aggregate.total," +
        "ecc.errors.uncorrected.volatile.total,ecc.errors.uncorrected.aggregate.total";
      await machine(["sys.gpus=1", "gpu.0.serial=1320", "gpu.0.mig=0", "gpu.0.ecc_uncorr=2"], 1);
      const { stdout, exitCode } = await csv(promised);
      expect(exitCode).toBe(0);
      expect(stdout.replace(/\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d\.\d{3}/, "NOW")).toBe(
        `0, ${"NVIDIA A100-SXM4-40GB, ".repeat(2)}${`${uuid(0)}, `.repeat(2)}1320, ` +
          "00000000:10:00.0, 550.163.01, 1, NOW, 40960 MiB, 0 MiB, 40960 MiB, 0 %, 0 %, 33, " +
          "52.00 W, 400.00 W, P0, 1095 MHz, 1215 MHz, Default, Disabled, Disabled, 0, 0, 2, 2\n",
      );
    });

    test("shows [N/A] for what a model does not have", async () => {
      await machine(["sys.gpus=1", "gpu.all.ecc=-1"], 1);
      const missing = "serial,fan.speed,mig.mode.current,ecc.errors.corrected.volatile.total";
      expect((await csv(missing)).stdout).toBe("[N/A], [N/A], [N/A], [N/A]\n");
    });

    test("refuses an unknown field with exit code 2", async () => {
      await machine(["sys.gpus=1"], 1);
      expect(await csv("name,device_minor")).toMatchObject({
        stdout: 'Field "device_minor" is not a valid field to query.\n\n',
        exitCode: 2,
      });
    });
  });

  describe("nvidia-smi --query-compute-apps", () => {
    const query = "--query-compute-apps=pid,used_memory,gpu_uuid";

    test("lists each process with its memory and its GPU", async () => {
      await machine(["sys.gpus=2", "gpu.0.procs=4242:2048:77,4243:1:0", "gpu.1.procs=9:3:4"], 2);
      expect((await smi(query, "--format=csv")).stdout).toBe(
        "pid, used_gpu_memory [MiB], gpu_uuid\n" +
          `4242, 2048 MiB, ${uuid(0)}\n4243, 1 MiB, ${uuid(0)}\n9, 3 MiB, ${uuid(1)}\n`,
      );
    });

    test("prints the header alone where nothing runs", async () => {
      await machine(["sys.gpus=1"], 1);
      expect((await smi(query, "--format=csv")).stdout.split("\n")).toHaveLength(2);
      expect((await smi(query, "--format=csv,noheader,nounits")).stdout).toBe("");
    });

    test("adds up to the GPU's own memory and utilisation", async () => {
      await machine(["sys.gpus=1", "gpu.0.procs=1:1000:30,2:24:40"], 1);
      expect((await csv("memory.used,utilization.gpu")).stdout).toBe("1024 MiB, 70 %\n");
    });

    test("counts the processes of a MIG device, too", async () => {
      await machine(["sys.gpus=1", "gpu.0.mig=1", "gpu.0.mig.0.procs=7:8:9"], 1);
      expect((await smi(query, "--format=csv,noheader")).stdout).toBe(`7, 8 MiB, ${uuid(0)}\n`);
    });
  });

  describe("nvidia-smi -i", () => {
    test.each([
      ["index", ["-i", "2"]],
      ["index, written as --id=", ["--id=2"]],
      ["UUID", ["-i", uuid(2)]],
      ["bus id with a short domain, in small letters", ["-i", "0000:1a:00.0"]],
      ["serial number", ["-i", "1320"]],
    ])("takes a GPU's %s", async (_name, args) => {
      await machine(["sys.gpus=4", "gpu.2.pci=0:1A:0", "gpu.2.serial=1320"]);
      const { stdout } = await smi("--query-gpu=index,uuid", "--format=csv,noheader", ...args);
      expect(stdout).toBe(`2, ${uuid(2)}\n`);
    });

    test.each(["4", "GPU-none", "-1", ""])("finds nothing for '%s', exit code 6", async (id) => {
      await machine(["sys.gpus=4"]);
      expect(await smi("-L", `--id=${id}`)).toMatchObject({
        stdout: "No devices were found\n",
        exitCode: 6,
      });
    });

    test("takes several, in the order asked for", async () => {
      await machine(["sys.gpus=4"]);
      expect((await smi("-L", "-i", "3,1")).stdout).toMatch(/^GPU 3: .*\nGPU 1: .*\n$/);
    });
  });

  describe("nvidia-smi -q", () => {
    test("shows figures in sections with the colon in one column", async () => {
      await machine(["sys.gpus=1", "gpu.0.ecc_uncorr=3"], 1);
      const { stdout, exitCode } = await smi("-q");
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
      await machine(["sys.gpus=1"], 1);
      const { stdout } = await smi("-q", "-d", "MEMORY,ECC");
      expect(stdout).toContain("FB Memory Usage");
      expect(stdout).toContain("ECC Errors");
      expect(stdout).not.toContain("Product Name");
      expect(stdout).not.toContain("Temperature");
    });
  });

  describe("arguments", () => {
    test("-h and --help explain without asking the driver", async () => {
      await machine(["sys.init_rc=9"], 0);
      for (const flag of ["-h", "--help"])
        expect(await smi(flag)).toMatchObject({
          exitCode: 0,
          stdout: expect.stringContaining("--query-gpu"),
        });
    });

    test("--version names the driver, the library and CUDA", async () => {
      await machine(["sys.gpus=1", "sys.driver=535.104.05", "sys.cuda=12020"], 1);
      expect((await smi("--version")).stdout).toBe(
        "NVIDIA-SMI version  : 535.104.05\nNVML version        : 535.104\n" +
          "DRIVER version      : 535.104.05\nCUDA Version        : 12.2\n",
      );
    });

    test("an unknown option is named, exit code 2", async () => {
      await machine(["sys.gpus=1"], 1);
      expect(await smi("pci")).toMatchObject({
        stdout: "ERROR: Option pci is not recognized. Please run 'nvidia-smi -h'.\n\n",
        exitCode: 2,
      });
      expect(await smi("-L", "-lms100")).toMatchObject({
        stdout: "ERROR: Option -lms100 is not recognized. Please run 'nvidia-smi -h' for help.\n\n",
        exitCode: 2,
      });
    });

    test.each([
      [["--format=csv"]],
      [["-L", "--query-gpu=name", "--format=csv"]],
      [["--query-gpu=name"]],
      [["--query-gpu=name", "--format=xml"]],
    ])("%j is an invalid combination, exit code 2", async (args) => {
      await machine(["sys.gpus=1"], 1);
      expect(await smi(...args)).toMatchObject({
        stdout: "Invalid combination of input arguments. Please run 'nvidia-smi -h' for help.\n\n",
        exitCode: 2,
      });
    });
  });

  describe("faults", () => {
    const lost = "Unable to determine the device handle for GPU0000:12:00.0: Unknown Error\n";

    test("a lost GPU ends the table and queries with its bus id and exit code 15", async () => {
      await machine(["gpu.2.fault=lost", "sys.gpus=4"]);
      expect(await smi()).toMatchObject({ stdout: lost, exitCode: 15 });
      expect(await csv("name")).toMatchObject({ stdout: lost, exitCode: 15 });
      expect(await smi("-q")).toMatchObject({ stdout: lost, exitCode: 15 });
    });

    test("a lost GPU keeps its place in -L, and the others can be asked with -i", async () => {
      await machine(["gpu.2.fault=lost", "sys.gpus=4"]);
      const list = await smi("-L");
      expect(list.exitCode).toBe(15);
      expect(list.stdout.split("\n")[2]).toBe(lost.trim());
      expect(list.stdout).toContain("GPU 3: ");
      expect(await smi("-L", "-i", "3")).toMatchObject({ exitCode: 0 });
      expect(await smi("-L", "-i", "2")).toMatchObject({ stdout: lost, exitCode: 15 });
    });

    test("a GPU that is gone is missing from the count although its node is there", async () => {
      await machine(["gpu.1.fault=gone", "sys.gpus=3"]);
      expect((await csv("index,uuid")).stdout).toBe(`0, ${uuid(0)}\n1, ${uuid(2)}\n`);
    });

    test("a fault is a whole word of a comma list", async () => {
      await machine(["gpu.0.fault=lostish", "gpu.1.fault=other,gone", "sys.gpus=2"]);
      expect((await smi("-L")).stdout).toMatch(/^GPU 0: .*\n$/);
    });

    test("the line in front wins, so taking it away heals", async () => {
      await machine(["gpu.0.fault=lost", "gpu.0.fault=", "sys.gpus=1"]);
      expect((await smi("-L")).exitCode).toBe(15);
      await writeFile(state, "gpu.0.fault=\nsys.gpus=1\n");
      expect((await smi("-L")).exitCode).toBe(0);
    });

    test("a version mismatch names the library's version, exit code 18", async () => {
      await machine(["sys.init_rc=18", "sys.gpus=4", "sys.nvml=12.550.163.01"]);
      for (const args of [[], ["-L"], ["-q"], ["--query-gpu=name", "--format=csv"]])
        expect(await smi(...args)).toMatchObject({
          stdout:
            "Failed to initialize NVML: Driver/library version mismatch\nNVML library version: 550.163\n",
          exitCode: 18,
        });
    });

    test("a driver that is not loaded is explained, exit code 9", async () => {
      await machine(["sys.init_rc=9", "sys.gpus=4"]);
      const { stdout, exitCode } = await smi();
      expect(exitCode).toBe(9);
      expect(stdout).toMatch(
        /^NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver\./,
      );
    });

    test("a lost control device is an unknown error, exit code 255", async () => {
      await machine(["sys.init_rc=999", "sys.gpus=4"]);
      expect(await smi()).toMatchObject({
        stdout: "Failed to initialize NVML: Unknown Error\n",
        exitCode: 255,
      });
    });

    test("sys.delay_ms makes every call slow", async () => {
      await machine(["sys.gpus=1", "sys.delay_ms=60"], 1);
      const start = performance.now();
      await smi("-L");
      expect(performance.now() - start).toBeGreaterThan(5 * 60);
    });

    test("a state file that is missing is a machine without GPUs", async () => {
      await machine([]);
      await rm(state);
      expect(await smi("-L")).toMatchObject({ exitCode: 6 });
    });
  });

  describe("gpu-probe", () => {
    test("prints one line of JSON about environment, nodes and NVML", async () => {
      await machine(["sys.gpus=3", "gpu.2.name=T4"], 3);
      await rm(join(dev, "nvidia1"));
      await mkdir(join(dev, "nvidia10"));
      await writeFile(join(dev, "nvidiactl"), "");
      const { stdout } = await run("gpu-probe", [], { CUDA_VISIBLE_DEVICES: 'MIG-"1"\\\n' });
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
      await machine(["sys.gpus=0"], 0);
      const { CUDA_VISIBLE_DEVICES: _, ...env } = process.env;
      const { stdout } = await execa(join(bin, "gpu-probe"), {
        extendEnv: false,
        env: { ...env, MOCKGPU_STATE: state, MOCKGPU_DEV: dev },
      });
      expect(JSON.parse(stdout)).toEqual({ cuda_visible_devices: null, nodes: {}, nvml: [] });
    });

    test("reports why NVML did not start", async () => {
      await machine(["sys.init_rc=18"], 0);
      const { nvml } = JSON.parse((await run("gpu-probe")).stdout);
      expect(nvml).toEqual({ error: "Driver/library version mismatch" });
    });

    test("reports a lost GPU in its place", async () => {
      await machine(["sys.gpus=2", "gpu.0.fault=lost"], 2);
      const { nvml } = JSON.parse((await run("gpu-probe")).stdout);
      expect(nvml[0]).toEqual({ index: 0, error: "GPU is lost" });
      expect(nvml[1]).toMatchObject({ index: 1, minor: 1 });
    });

    test("leaves the mock alone outside mock mode", async () => {
      await machine(["sys.gpus=1"], 1);
      const { stdout } = await run("gpu-probe", [], { MOCKGPU_STATE: join(root, "none") });
      expect(JSON.stringify(JSON.parse(stdout).nvml)).not.toContain(uuid(0));
    });
  });

  describe("the library", () => {
    test("exports NVML symbols only, and all that any Slurm version binds", async () => {
      const { stdout } = await execa("nm", ["-D", "--defined-only", library]);
      const names = stdout.split("\n").map((line) => line.split(" ").at(-1) ?? "");
      expect(names.filter((name) => !name.startsWith("nvml"))).toEqual([]);
      expect(names).toEqual(expect.arrayContaining(slurmSymbols));
    });

    test("has both names, for Slurm before 24.05 knows only the one without a number", async () => {
      const unversioned = await readFile(library.replace(/\.1$/, ""));
      expect(unversioned.equals(await readFile(library))).toBe(true);
    });

    test("reads the state at every call, and can be loaded, forked around and unloaded at will", async () => {
      await machine(["sys.gpus=2"], 2);
      const program = join(root, "reload");
      const source = join(import.meta.dirname, "mockgpu-reload.c");
      await execa("cc", ["-std=gnu11", "-Wall", "-o", program, source, "-ldl"]);
      const env = { MOCKGPU_STATE: state, MOCKGPU_DEV: dev };
      const { stdout } = await execa(program, [library], { env, reject: false });
      expect(stdout).toBe("0 wrong");
    });

    const sanitizer = hasThreadSanitizer ? "under the thread sanitizer" : "(no thread sanitizer here)";
    test(`answers two threads at once ${sanitizer}`, async () => {
      await machine([], 2);
      const program = join(root, "threads");
      const files = await execa("sh", ["-c", `ls ${source}/nvml/*.c`]);
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
      const env = { MOCKGPU_STATE: state, MOCKGPU_DEV: dev };
      const { stdout, stderr } = await execa(program, { env, reject: false });
      expect(stderr).toBe("");
      expect(stdout).toBe("0 wrong answers");
    }, 60_000);
  });

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
      if (hasAddressSanitizer) await build("checked", [sanitizers, "NO_UNDEFINED="]);
      const programs = hasAddressSanitizer ? join(root, "checked/opt/mockgpu/bin") : bin;
      await machine([], 3);
      for (let seed = 1; seed <= 300; seed++) {
        const next = random(seed);
        const length = Math.floor(next() * 3000);
        await writeFile(state, seed % 3 === 0 ? anyBytes(next, length) : anyLines(next));
        const [program = "", ...args] = commands[seed % commands.length] ?? [];
        const result = await execa(join(programs, program), args, {
          env: { MOCKGPU_STATE: state, MOCKGPU_DEV: dev, ASAN_OPTIONS: "detect_leaks=0" },
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
      await machine([], 1);
      await writeFile(state, "gpu.0.name=Last Line\nsys.gpus=1");
      expect((await csv("name")).stdout).toBe("Last Line\n");
    });

    test("may hold huge lines, whose values are cut", async () => {
      await machine([`x=${"y".repeat(30_000)}`, `gpu.0.name=${"n".repeat(5_000)}`, "sys.gpus=1"], 1);
      expect((await csv("name")).stdout).toBe(`${"n".repeat(511)}\n`);
    });

    test("ends at 64 KiB, and half a line there does not count", async () => {
      const room = 65_536 - "sys.gpus=1\n#".length - "\ngpu.0.name=N".length;
      await machine([], 1);
      await writeFile(state, `sys.gpus=1\n#${"y".repeat(room)}\ngpu.0.name=Name\n`);
      expect((await csv("name")).stdout).toBe("NVIDIA A100-SXM4-40GB\n");
    });

    test("takes a value as absent that should be a number and is none", async () => {
      await machine(["sys.gpus=1", "gpu.0.temp=hot", "gpu.0.util=900"], 1);
      expect((await csv("temperature.gpu,utilization.gpu")).stdout).toBe("33, 100 %\n");
    });
  });
});
