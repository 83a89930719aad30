import {
  GenericContainer,
  Network,
  type StartedNetwork,
  type StartedTestContainer,
  Wait,
} from "testcontainers";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";

// Images used as `docker run` uses them: nothing of slurmlab puts files in, and no capability is added or taken.

let network: StartedNetwork;
beforeAll(async () => {
  network = await new Network().start();
});
afterAll(async () => {
  await network?.stop();
});

describe.each(Object.entries(inject("slurmImages")))("the single node of Slurm %s", (_, images) => {
  let node: StartedTestContainer;
  beforeAll(async () => {
    node = await new GenericContainer(images["single-node"] ?? "")
      .withNetwork(network)
      .withEnvironment({ SLURM_CPUS: "3", SLURM_GPUS: "2" })
      // No command of Slurm before there is a configuration: it would look for one in the DNS, where nobody answers here.
      .withWaitStrategy(
        Wait.forSuccessfulCommand(
          "grep -q 'slurmd started' /var/log/slurm/slurmd.log && sinfo -h -t idle -o %n | grep -q .",
        ),
      )
      .start();
  });
  afterAll(async () => {
    await node?.stop();
  });

  test("runs a job, and has it in accounting", async () => {
    expect((await node.exec(["srun", "--job-name=here", "-n3", "echo", "yes"])).output).toBe(
      "yes\nyes\nyes\n",
    );
    // A job's end reaches accounting a moment after srun has ended.
    const look =
      "for i in {1..100}; do sacct -n -X -P --name=here -o JobName,State | grep COMPLETED && exit; sleep 0.1; done; exit 1";
    expect((await node.exec(["bash", "-c", look])).output).toBe("here|COMPLETED\n");
  });

  test("has the CPUs and GPUs that its environment names", async () => {
    const { output } = await node.exec(["sinfo", "-h", "-o", "%c %G"]);
    expect(output.trim()).toMatch(/^3 gpu:a100:2/);
  });

  test("is healthy when Slurm answers", async () => {
    expect((await node.exec(["/usr/lib/slurmlab/health", "slurmctld"])).exitCode).toBe(0);
    expect((await node.exec(["/usr/lib/slurmlab/health", "slurmdbd"])).exitCode).toBe(0);
    expect((await node.exec(["/usr/lib/slurmlab/health", "slurmd"])).exitCode).toBe(0);
    expect((await node.exec(["/usr/lib/slurmlab/health", "mariadbd"])).exitCode).toBe(0);
  });
});

describe("a daemon's image that is started without what it needs", () => {
  const images = inject("slurmImages")["24.11"] ?? {};
  const ended = async (role: string, env: Record<string, string> = {}) => {
    const lines: string[] = [];
    const container = new GenericContainer(images[role] ?? "")
      .withNetwork(network)
      .withEnvironment(env)
      .withLogConsumer((stream) => stream.on("data", (line) => lines.push(String(line))))
      .withWaitStrategy(Wait.forOneShotStartup());
    const failure = await container.start().then(
      (started) => started.stop().then(() => "it started"),
      () => "it ended",
    );
    return `${failure}: ${lines.join("")}`;
  };

  test.each([
    ["slurmctld", /it ended: .*no munge key[\s\S]*MUNGE_KEY_FILE/],
    ["db", /it ended: .*no password for slurmdbd's account[\s\S]*DB_PASSWORD_FILE/],
    ["slurmrestd", /it ended: .*no configuration[\s\S]*SLURM_CONF_SERVER/],
  ])("%s says what it is", async (role, says) => {
    expect(await ended(role)).toMatch(says);
  });
});
