import { GenericContainer, type StartedTestContainer } from "testcontainers";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";

const STATE = "sys.gpus=2\ngpu.0.minor=0\ngpu.1.minor=1\ngpu.all.name=NVIDIA A100-SXM4-40GB\n";

describe.each(Object.entries(inject("slurmImages")).filter(([slurm]) => slurm >= "24"))(
  "the image of Slurm %s",
  (slurm, image) => {
    let container: StartedTestContainer;
    beforeAll(async () => {
      container = await new GenericContainer(image)
        .withEntrypoint(["sleep"])
        .withCommand(["600"])
        .withCopyContentToContainer([{ content: STATE, target: "/run/mockgpu/state" }])
        .withNetworkMode("none")
        .start();
    });
    afterAll(async () => {
      await container?.stop();
    });
    const run = (...argv: string[]) => container.exec(argv);

    test("has the release that its tag says", async () => {
      expect((await run("slurmctld", "-V")).output).toMatch(
        new RegExp(`^slurm\\S* ${slurm.replace(".", "\\.")}\\.`),
      );
    });

    test.each(["slurmctld", "slurmdbd", "slurmd", "sbatch", "munged", "runsvdir", "tini"])(
      "has %s",
      async (program) => {
        expect((await run("which", program)).exitCode).toBe(0);
      },
    );

    test("has no munge key: each cluster gets its own", async () => {
      expect((await run("find", "/etc/munge", "/etc/slurm", "-name", "*.key")).output.trim()).toBe("");
    });

    test("has no NVML where a real driver would be put, and no nvidia-smi on the path", async () => {
      expect((await run("ldconfig", "-p")).output).not.toContain("libnvidia-ml");
      expect((await run("which", "nvidia-smi")).exitCode).not.toBe(0);
    });

    test("says whether it has Slurm's NVML plugin, and that is so", async () => {
      const said = (await run("cat", "/usr/share/slurmlab/nvml")).output.trim();
      expect(said).toMatch(/^(yes|no: .+)$/);
      const found = (await run("find", "/usr/lib", "-name", "gpu_nvml.so")).output.trim();
      expect(found !== "").toBe(said === "yes");
    });

    test("has a mock nvidia-smi that shows the GPUs whose device nodes can be opened", async () => {
      await run("mknod", "/dev/nvidia0", "c", "195", "0");
      const { output } = await run("/opt/mockgpu/bin/nvidia-smi", "-L");
      // Docker's own device rules allow making the node and not opening it: EPERM, as for a job without that GPU.
      expect(output.trim()).toBe("No devices were found");
    });
  },
);
