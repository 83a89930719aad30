import { describe, expect, test } from "vitest";
import type { ScenarioContext } from "../src/scenario/scenario.ts";
import { FakeEngine, type Program } from "./support/fake-engine.ts";
import { healthy } from "./support/fake-slurm.ts";
import { runOnFake } from "./support/run.ts";

/** Answers as the container's own release does, whose daemons all run. */
const versions: Program = ({ container, argv }) => {
  if (argv[1] === "status") return { stdout: "run: it\n" };
  if (argv.at(-1) !== "-V") return undefined;
  return { stdout: `slurm ${container.endsWith("-26.05") ? "26.05.5" : "24.11.5"}\n` };
};

/** Where each program ran, as `CONTAINER: PROGRAM`, of those that match. */
async function ran(
  what: RegExp,
  run: (context: ScenarioContext) => Promise<void>,
  more: Program = () => undefined,
) {
  const seen: string[] = [];
  const engine = healthy(new FakeEngine(), ["c1", "c2"], async (call) => {
    const line = `${call.container.replace("slurmlab-test-abc123-", "")}: ${call.argv.join(" ")}`;
    if (what.test(line)) seen.push(line);
    return (await more(call)) ?? versions(call);
  });
  const { result } = await runOnFake(engine, run, { upgradesTo: ["26.05"] });
  return { seen, result, engine };
}

const dbdAndCtl = async ({ upgrade }: ScenarioContext) => {
  await upgrade({ daemon: "slurmdbd", to: "26.05" });
  await upgrade({ daemon: "slurmctld", to: "26.05" });
};

describe("an upgrade in place", () => {
  test("stops the daemon in the old container and starts it in the new one, node by node", async () => {
    const { seen, result } = await ran(/c\d.*(sv .* stop|lib\/slurmlab\/start)/, async (context) => {
      await dbdAndCtl(context);
      await context.upgrade({ daemon: "slurmd", to: "26.05" });
    });
    expect(result.failure).toBeUndefined();
    const done = seen.map((line) => line.replace(/: .*(stop|start) .*/, " $1"));
    // The first two are the cluster's own start.
    expect(done.slice(2)).toEqual(["c1 stop", "c1-26.05 start", "c2 stop", "c2-26.05 start"]);
  });

  test("asks the new release's commands from then on", async () => {
    const { seen } = await ran(/scontrol version/, async (context) => {
      await context.shell({ on: "ctl", run: "scontrol version" });
      await dbdAndCtl(context);
      await context.shell({ on: "ctl", run: "scontrol version" });
    });
    expect(seen.map((line) => line.split(":")[0])).toEqual(["ctl", "ctl-26.05"]);
  });

  test("says in its step what became of what", async () => {
    const { result } = await ran(/^$/, dbdAndCtl);
    expect(result.steps[0]?.sentence).toMatch(
      /^upgrade slurmdbd to 26\.05: 24\.11\.5 became 26\.05\.5, squeue waited 0\.\d s at most, sacct waited 0\.\d s at most$/,
    );
  });

  test("leaves nothing in the engine", async () => {
    const { engine, result } = await ran(/^$/, dbdAndCtl);
    expect(result.verdict).toBe("passed");
    expect(await engine.listOwned()).toEqual([]);
  });

  test("ends each daemon once, and one that ends again on its own fails the run", async () => {
    const end = "2026-01-01T00:00:00.000Z slurmdbd ended: exit code 0\n";
    const ends =
      (times: number): Program =>
      ({ argv, hostname }) =>
        argv[0] === "cat" && hostname === "dbd" ? { stdout: end.repeat(times) } : undefined;
    expect((await ran(/^$/, dbdAndCtl, ends(1))).result.verdict).toBe("passed");
    expect((await ran(/^$/, dbdAndCtl, ends(2))).result.failure?.message).toBe("a daemon has ended");
  });

  test("makes nothing and stops nothing when it is out of turn", async () => {
    const { engine, result } = await ran(/^$/, async ({ upgrade }) => {
      await upgrade({ daemon: "slurmctld", to: "26.05" });
    });
    expect(result).toMatchObject({ verdict: "bad-input" });
    expect(engine.calls.filter((call) => call.includes("joining"))).toEqual([]);
  });

  test("of a release that the scenario has not told of is refused", async () => {
    const { result } = await ran(
      /^$/,
      async ({ upgrade }) => void (await upgrade({ daemon: "slurmdbd", to: "22.05" })),
    );
    expect(result.failure).toMatchObject({ kind: "bad-input", expected: "26.05" });
  });

  test("that does not come up has failed, and the daemon's last words are told", async () => {
    const { result } = await ran(/^$/, dbdAndCtl, ({ container, argv }) =>
      container.endsWith("dbd-26.05") && argv[0]?.endsWith("/start")
        ? { code: 1, stdout: "fatal: Database schema is too old\n" }
        : undefined,
    );
    expect(result).toMatchObject({
      verdict: "failed",
      failure: { seen: "fatal: Database schema is too old" },
    });
  });
});

describe("an upgrade that is to fail", () => {
  const failing = async ({ upgrade }: ScenarioContext) => {
    await upgrade({ daemon: "slurmctld", to: "26.05", fails: "no such state" });
  };
  const log =
    (text: string, health: number): Program =>
    ({ argv }) => {
      if (argv[0] === "tail") return { stdout: text };
      return argv[0]?.endsWith("/health") ? { code: health } : undefined;
    };

  test("is seen to, and the old daemon is started again where it was", async () => {
    const { seen, result } = await ran(
      /(sv up|sv .* stop|slurmlab\/start)/,
      failing,
      log("fatal: no such state", 1),
    );
    expect(result.failure).toBeUndefined();
    expect(result.steps[0]?.sentence).toMatch(
      /^slurmctld does not come up as 26\.05: .*: 24\.11\.5 goes on$/,
    );
    expect(seen.slice(-4).map((line) => line.replace(/ (-w 30|\d+) /, " ").slice(0, 42))).toEqual([
      "ctl: sv stop slurmctld",
      "ctl-26.05: sv up slurmctld",
      "ctl-26.05: sv stop slurmctld",
      expect.stringMatching(/^ctl: .*start/),
    ]);
  });

  test("fails when the daemon comes up all the same, and the old one is started again", async () => {
    const { result, seen } = await ran(/ctl: .*start/, failing, log("fatal: no such state", 0));
    expect(result.failure).toMatchObject({ kind: "failed", message: "slurmctld came up all the same" });
    expect(seen).toHaveLength(2);
  });

  test("tells of that, and not of an old daemon that could then not be started again", async () => {
    let starts = 0;
    const came = log("fatal: no such state", 0);
    const { result } = await ran(/^$/, failing, (call) => {
      const again = /start .*slurmctld/.test(call.argv.join(" ")) && starts++ > 0;
      return again ? { code: 1, stdout: "it does not start" } : came(call);
    });
    expect(result.failure?.message).toBe("slurmctld came up all the same");
  });
});
