import { GenericContainer, type StartedTestContainer, Wait } from "testcontainers";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";

const STATE = "sys.gpus=2\ngpu.0.minor=0\ngpu.1.minor=1\ngpu.all.name=NVIDIA A100-SXM4-40GB\n";

describe.each(Object.entries(inject("slurmImages")))("the images of Slurm %s", (slurm, images) => {
  let container: StartedTestContainer;
  const start = (image: string) =>
    new GenericContainer(image)
      .withEntrypoint(["sleep"])
      .withCommand(["600"])
      .withCopyContentToContainer([{ content: STATE, target: "/run/mockgpu/state" }])
      .withNetworkMode("none")
      // Nothing runs in it that the image's health check could ask.
      .withWaitStrategy(Wait.forSuccessfulCommand("true"))
      .start();
  beforeAll(async () => {
    container = await start(images["single-node"] ?? "");
  });
  afterAll(async () => {
    await container?.stop();
  });
  const run = (...argv: string[]) => container.exec(argv);

  test("have the release that their tag says", async () => {
    expect((await run("slurmctld", "-V")).output).toMatch(
      new RegExp(`^slurm\\S* ${slurm.replace(".", "\\.")}\\.`),
    );
  });

  test("together have every daemon, a supervisor and an init", async () => {
    const programs = [
      "slurmctld",
      "slurmdbd",
      "slurmd",
      "slurmrestd",
      "sbatch",
      "munged",
      "runsvdir",
      "tini",
      "mariadb",
    ];
    const { output } = await run("which", ...programs);
    const found = output.trim().split("\n");
    expect(found.map((path) => path.split("/").at(-1))).toEqual(programs);
  });

  test("can give slurmd a boot time of its own", async () => {
    const dayAgo = Math.floor(Date.now() / 1000) - 86_400;
    const { output } = await run(
      "env",
      "LD_PRELOAD=/usr/lib/slurmlab/boot-time.so",
      `SLURMLAB_BOOT_TIME=${dayAgo}`,
      "slurmd",
      "-C",
    );
    expect(output).toMatch(/^UpTime=1-00:00:\d\d$/m);
  });

  test("of one daemon each have that daemon and no other", async () => {
    const daemons = ["slurmctld", "slurmdbd", "slurmd", "slurmrestd"];
    for (const role of daemons) {
      const one = await start(images[role] ?? "");
      try {
        const { output } = await one.exec(["which", ...daemons, "mariadbd"]);
        expect(output.trim().split("/").at(-1)).toBe(role);
      } finally {
        await one.stop();
      }
    }
  });

  test("have packages of which dpkg and apt miss nothing, so that more can be installed on top", async () => {
    expect((await run("dpkg", "--audit")).output).toBe("");
    expect(await run("apt-get", "check")).toMatchObject({ exitCode: 0 });
  });

  test("have no Perl but what the base needs: runit's package alone would bring 50 MB of it", async () => {
    expect((await run("sh", "-c", "ls -d /usr/share/perl /usr/lib/*/perl 2> /dev/null")).output).toBe("");
    expect((await run("dpkg", "--status", "runit")).output).toMatch(/^Status: install ok installed$/m);
  });

  test("have no munge key: each cluster gets its own", async () => {
    expect((await run("find", "/etc/munge", "/etc/slurm", "-name", "*.key")).output.trim()).toBe("");
  });

  test("have a database that was made with the settings it is run with, so that a start copies little", async () => {
    const { output } = await run(
      "find",
      "/var/lib/mysql",
      "-maxdepth",
      "1",
      "-name",
      "ib_logfile*",
      "-size",
      "8192k",
    );
    expect(output.trim()).toBe("/var/lib/mysql/ib_logfile0");
    expect((await run("find", "/var/lib/mysql", "-name", "undo0*")).output).toBe("");
  });

  test("have no NVML where a real driver would be put, and no nvidia-smi on the path", async () => {
    expect((await run("ldconfig", "-p")).output).not.toContain("libnvidia-ml");
    expect((await run("which", "nvidia-smi")).exitCode).not.toBe(0);
  });

  test("have a mock nvidia-smi that shows the GPUs whose device nodes can be opened", async () => {
    await run("mknod", "/dev/nvidia0", "c", "195", "0");
    const { output } = await run("/opt/mockgpu/bin/nvidia-smi", "-L");
    // Docker's own device rules allow making the node and not opening it: EPERM, as for a job without that GPU.
    expect(output.trim()).toBe("No devices found.");
  });

  test("say whether Slurm's NVML plugin is in them, truly", async () => {
    const said = (await run("cat", "/usr/share/slurmlab/nvml")).output.trim();
    const there = (await run("find", "/usr/lib", "-name", "gpu_nvml.so")).output.trim() !== "";
    expect(said).toMatch(there ? /^yes$/ : /^no: ./);
  });
});
