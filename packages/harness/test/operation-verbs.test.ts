import type { ClusterSpecInput } from "@slurmlab/config-gen";
import { describe, expect, test } from "vitest";
import { STATES_COMMAND } from "../src/journal/states.ts";
import { withKeys } from "../src/slurm/conf-keys.ts";
import { FakeEngine } from "./support/fake-engine.ts";
import { healthy } from "./support/fake-slurm.ts";
import { runOnFake } from "./support/run.ts";

const TWO_CONTROLLERS: ClusterSpecInput = {
  nodes: [
    { name: "ctl[1-2]", roles: ["slurmctld"] },
    { name: "c[1-2]", roles: ["slurmd"] },
  ],
};

/** What each step runs on which node, less what the start, the checks and the observer of states run. */
async function commandsOf(run: Parameters<typeof runOnFake>[1], cluster?: ClusterSpecInput) {
  const commands: string[] = [];
  let on = false;
  const engine = healthy(new FakeEngine(), ["c1", "c2"], ({ hostname, argv, options }) => {
    const user = options.user && options.user !== "root" ? ` as ${options.user}` : "";
    if (on && argv[0] !== "find" && argv.at(-1) !== STATES_COMMAND.at(-1))
      commands.push(`${hostname}${user}: ${argv.join(" ")}`);
    return argv[0] === "sv" ? { stdout: "run: it runs\n" } : undefined;
  });
  const { result } = await runOnFake(
    engine,
    async (context) => {
      on = true;
      await run(context);
      on = false;
    },
    cluster ? { cluster } : {},
  );
  return { commands, failure: result.failure?.message };
}

test("run is srun, or salloc with a command of the login node", async () => {
  const { commands } = await commandsOf(async ({ run }) => {
    await run({ command: "hostname", nodes: 2 });
    await run({ command: "srun hostname", with: "salloc", nodelist: "c1" });
  });
  expect(commands).toEqual([
    "login as ada: srun --quiet --nodes=2 hostname",
    "login as ada: salloc --quiet --nodelist=c1 srun hostname",
  ]);
});

describe("what an administrator does to nodes", () => {
  test("drain, down and resume are scontrol's, from the login node", async () => {
    const { commands } = await commandsOf(async ({ drain, down, resume }) => {
      await drain({ node: "c1", reason: "new disk" });
      await down({ node: "c[1-2]", reason: "power" });
      await resume({ node: "c[1-2]" });
    });
    expect(commands).toEqual([
      "login: scontrol update NodeName=c1 State=DRAIN Reason=new disk",
      "login: scontrol update NodeName=c[1-2] State=DOWN Reason=power",
      "login: scontrol update NodeName=c[1-2] State=RESUME",
    ]);
  });
});

describe("what an administrator does to daemons", () => {
  test("a restart ends it, and starts it as the cluster's start does", async () => {
    const { commands, failure } = await commandsOf(async ({ restart }) => restart({ daemon: "slurmdbd" }));
    expect({ commands, failure }).toEqual({
      commands: [
        "dbd: sv status slurmdbd",
        "dbd: sv -w 30 stop slurmdbd",
        "dbd: /usr/lib/slurmlab/start 42 slurmdbd :6819",
      ],
      failure: undefined,
    });
  });
  test("a daemon of several nodes has to be told apart", async () => {
    const { failure } = await commandsOf(async ({ stop }) => stop({ daemon: "slurmd" }));
    expect(failure).toBe("which slurmd? expected on: one of c1, c2");
  });
  test("a node without the daemon is named", async () => {
    const { failure } = await commandsOf(async ({ stop }) => stop({ daemon: "slurmctld", on: "c1" }));
    expect(failure).toBe("c1 has no slurmctld; expected on: ctl");
  });
  test("takeover ends the controllers before the one that takes over", async () => {
    const log = "2026-01-01T00:00:00.000Z slurmctld ended: exit code 0\n";
    const after = async (node: string) => {
      const engine = healthy(new FakeEngine(), ["c1", "c2"], ({ hostname, argv }) =>
        argv[0] === "cat" && hostname === node ? { stdout: log } : undefined,
      );
      const run = await runOnFake(engine, async ({ takeover }) => takeover({}), { cluster: TWO_CONTROLLERS });
      return run.result.failure?.seen;
    };
    expect(await after("ctl1")).toBeUndefined();
    expect(await after("ctl2")).toContain("ctl2: ");
  });
});

describe("what is done to jobs", () => {
  test("hold, requeue and suspend are the administrator's, unless a user is named", async () => {
    const { commands } = await commandsOf(async (lab) => {
      const job = await lab.submit({ run: "true" });
      await lab.hold({ job, user: "ada" });
      await lab.release({ job });
      await lab.requeue({ job, hold: true });
      await lab.suspend({ job });
      await lab.continue({ job });
    });
    expect(commands.slice(1)).toEqual([
      "login as ada: scontrol hold 2",
      "login: scontrol release 2",
      "login: scontrol requeuehold 2",
      "login: scontrol suspend 2",
      "login: scontrol resume 2",
    ]);
  });
  test("what Slurm refuses fails the step with Slurm's words", async () => {
    const engine = healthy(new FakeEngine(), ["c1", "c2"], ({ argv }) =>
      argv[1] === "suspend" ? { code: 1, stderr: "Job is pending execution for job 2\n" } : undefined,
    );
    const { result } = await runOnFake(engine, async ({ submit, suspend }) =>
      suspend({ job: await submit({ run: "true" }) }),
    );
    expect(result.failure).toMatchObject({
      kind: "failed",
      expected: "`scontrol suspend 2` to succeed",
      seen: "Job is pending execution for job 2",
    });
  });
});

test("a backup is not put back under a daemon that uses it, and the step that is missing is named", async () => {
  const engine = healthy(new FakeEngine(), ["c1", "c2"], ({ argv }) =>
    argv[0] === "sv" && argv[1] === "status" ? { stdout: "run: slurmdbd: (pid 7) 3s\n" } : undefined,
  );
  const { result } = await runOnFake(engine, async ({ backup, restore }) =>
    restore(await backup({ of: "database" })),
  );
  expect(result.failure).toMatchObject({
    kind: "failed",
    message: "the accounting database cannot be put back under a running slurmdbd",
    hint: "a step before it: stop: { daemon: slurmdbd }",
  });
});

describe("a configuration file with other keys", () => {
  const conf = "# one\nKillWait=30\nSchedulerParameters=a=1,b\nNodeName=c1 CPUs=2\n";
  test("has the new value once, whatever the key's case", () =>
    expect(withKeys(conf, { killwait: "2", SchedulerParameters: "c" })).toBe(
      "# one\nNodeName=c1 CPUs=2\nkillwait=2\nSchedulerParameters=c\n",
    ));
  test("lacks a key that is null", () =>
    expect(withKeys(conf, { KillWait: null })).not.toContain("KillWait"));
  test("keeps a line that has the key behind another", () =>
    expect(withKeys(conf, { CPUs: "4" })).toContain("NodeName=c1 CPUs=2\n"));
});

test("expect-log looks behind the place where the log was when something was disturbed", async () => {
  const argv: Array<readonly string[]> = [];
  const engine = healthy(new FakeEngine(), ["c1", "c2"], (call) => {
    if (call.argv[0] === "find" && call.hostname === "ctl") return { stdout: "120 slurmctld.log\n" };
    if (call.argv[0] !== "bash" || call.argv[3] !== "after") return undefined;
    argv.push(call.argv.slice(4));
    return { stdout: "[2026-01-01T00:00:00.000] drained\n" };
  });
  const { result } = await runOnFake(engine, async ({ drain, expectLog, expect: it }) => {
    await drain({ node: "c1", reason: "x" });
    const line = await expectLog({ of: "slurmctld", matches: /drained/ });
    await it({ that: "it gives the line", actual: line, matches: /^\[2026.*drained$/ });
  });
  expect(result.failure).toBeUndefined();
  expect(argv).toEqual([["120", "/var/log/slurm/slurmctld.log", "0", "/var/log/slurm/slurmctld.stderr.log"]]);
});
