import { describe, expect, test } from "vitest";
import { hasCompiler, MockGpus, noCompiler, uuid } from "./support/mock-gpus.ts";

describe.skipIf(!hasCompiler)(`what the mock nvidia-smi is asked${noCompiler}`, () => {
  const mock = new MockGpus();

  describe("nvidia-smi --query-gpu", () => {
    const fields = "index,gpu_name,memory.total,utilization.gpu,power.draw,clocks.sm";

    test("writes a header with units and cells with units", async () => {
      await mock.machine(["sys.gpus=1", "gpu.0.util=77"], 1);
      expect((await mock.csv(fields, "csv")).stdout).toBe(
        "index, name, memory.total [MiB], utilization.gpu [%], power.draw [W], clocks.current.sm [MHz]\n" +
          "0, NVIDIA A100-SXM4-40GB, 40960 MiB, 77 %, 52.00 W, 1095 MHz\n",
      );
    });

    test("leaves out the header with noheader", async () => {
      await mock.machine(["sys.gpus=1"], 1);
      expect((await mock.csv(fields, "csv,noheader")).stdout).toBe(
        "0, NVIDIA A100-SXM4-40GB, 40960 MiB, 0 %, 52.00 W, 1095 MHz\n",
      );
    });

    test("leaves out the units of the cells, not of the header, with nounits", async () => {
      await mock.machine(["sys.gpus=1"], 1);
      expect((await mock.csv("memory.used,memory.free", "csv,nounits")).stdout).toBe(
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
      await mock.machine(["sys.gpus=1", "gpu.0.serial=1320", "gpu.0.mig=0", "gpu.0.ecc_uncorr=2"], 1);
      const { stdout, exitCode } = await mock.csv(promised);
      expect(exitCode).toBe(0);
      expect(stdout.replace(/\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d\.\d{3}/, "NOW")).toBe(
        `0, ${"NVIDIA A100-SXM4-40GB, ".repeat(2)}${`${uuid(0)}, `.repeat(2)}1320, ` +
          "00000000:10:00.0, 550.163.01, 1, NOW, 40960 MiB, 0 MiB, 40960 MiB, 0 %, 0 %, 33, " +
          "52.00 W, 400.00 W, P0, 1095 MHz, 1215 MHz, Default, Disabled, Disabled, 0, 0, 2, 2\n",
      );
    });

    test("shows [N/A] for what a model does not have", async () => {
      await mock.machine(["sys.gpus=1", "gpu.all.ecc=-1"], 1);
      const missing = "serial,fan.speed,mig.mode.current,ecc.errors.corrected.volatile.total";
      expect((await mock.csv(missing)).stdout).toBe("[N/A], [N/A], [N/A], [N/A]\n");
    });

    test("refuses an unknown field with exit code 2", async () => {
      await mock.machine(["sys.gpus=1"], 1);
      expect(await mock.csv("name,device_minor")).toMatchObject({
        stdout: 'Field "device_minor" is not a valid field to query.\n\n',
        exitCode: 2,
      });
    });
  });

  describe("nvidia-smi --query-compute-apps", () => {
    const query = "--query-compute-apps=pid,used_memory,gpu_uuid";

    test("lists each process with its memory and its GPU", async () => {
      await mock.machine(["sys.gpus=2", "gpu.0.procs=4242:2048:77,4243:1:0", "gpu.1.procs=9:3:4"], 2);
      expect((await mock.smi(query, "--format=csv")).stdout).toBe(
        "pid, used_gpu_memory [MiB], gpu_uuid\n" +
          `4242, 2048 MiB, ${uuid(0)}\n4243, 1 MiB, ${uuid(0)}\n9, 3 MiB, ${uuid(1)}\n`,
      );
    });

    test("prints the header alone where nothing runs", async () => {
      await mock.machine(["sys.gpus=1"], 1);
      expect((await mock.smi(query, "--format=csv")).stdout.split("\n")).toHaveLength(2);
      expect((await mock.smi(query, "--format=csv,noheader,nounits")).stdout).toBe("");
    });

    test("adds up to the GPU's own memory and utilisation", async () => {
      await mock.machine(["sys.gpus=1", "gpu.0.procs=1:1000:30,2:24:40"], 1);
      expect((await mock.csv("memory.used,utilization.gpu")).stdout).toBe("1024 MiB, 70 %\n");
    });

    test("counts the processes of a MIG device, too", async () => {
      await mock.machine(["sys.gpus=1", "gpu.0.mig=1", "gpu.0.mig.0.procs=7:8:9"], 1);
      expect((await mock.smi(query, "--format=csv,noheader")).stdout).toBe(`7, 8 MiB, ${uuid(0)}\n`);
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
      await mock.machine(["sys.gpus=4", "gpu.2.pci=0:1A:0", "gpu.2.serial=1320"]);
      const { stdout } = await mock.smi("--query-gpu=index,uuid", "--format=csv,noheader", ...args);
      expect(stdout).toBe(`2, ${uuid(2)}\n`);
    });

    test.each(["4", "GPU-none", "-1"])("finds nothing for '%s', exit code 6", async (id) => {
      await mock.machine(["sys.gpus=4"]);
      expect(await mock.smi("--query-gpu=index", `--id=${id}`)).toMatchObject({
        stdout: "No devices were found\n",
        exitCode: 6,
      });
    });

    test("takes several, in the order asked for, each once", async () => {
      await mock.machine(["sys.gpus=4"]);
      expect((await mock.csv("index", "noheader", "-i", "3,1,3")).stdout).toBe("3\n1\n");
    });
  });

  describe("arguments", () => {
    test("-h and --help explain without asking the driver", async () => {
      await mock.machine(["sys.init_rc=9"], 0);
      for (const flag of ["-h", "--help"])
        expect(await mock.smi(flag)).toMatchObject({
          exitCode: 0,
          stdout: expect.stringContaining("--query-gpu"),
        });
    });

    test("--version names the driver, the library and CUDA", async () => {
      await mock.machine(["sys.gpus=1", "sys.driver=535.104.05", "sys.cuda=12020"], 1);
      expect((await mock.smi("--version")).stdout).toBe(
        "NVIDIA-SMI version  : 535.104.05\nNVML version        : 535.104\n" +
          "DRIVER version      : 535.104.05\nCUDA Version        : 12.2\n",
      );
    });

    test("a fault of the driver is told before one of the arguments", async () => {
      await mock.machine(["sys.init_rc=9"], 0);
      expect(await mock.smi("--nonsense")).toMatchObject({ exitCode: 9 });
    });
  });
});
