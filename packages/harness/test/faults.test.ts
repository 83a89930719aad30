import { readdirSync } from "node:fs";
import { join } from "node:path";
import { planCluster } from "@slurmlab/config-gen";
import { describe, expect, test } from "vitest";
import type { Cluster } from "../src/cluster/cluster.ts";
import { DaemonControl } from "../src/cluster/daemon-control.ts";
import { Node } from "../src/cluster/node.ts";
import { Waits } from "../src/cluster/waits.ts";
import { Unavailable } from "../src/errors/unavailable.ts";
import { Undo } from "../src/errors/undo.ts";
import type { Fault } from "../src/faults/fault.ts";
import { FAULTS } from "../src/faults/index.ts";
import { Faults } from "../src/faults/injected.ts";
import { chooseNodes } from "../src/faults/target.ts";
import { Journal } from "../src/journal/journal.ts";
import { FakeEngine, type Program } from "./support/fake-engine.ts";
import { nodeTexts } from "./support/node-texts.ts";

/** Has everything that a fault may ask for: GPUs, programs, slurmrestd, an NFS server, state on a small file system. */
const SPEC = {
  storage: "nfs" as const,
  nodes: [
    { name: "g[1-3]", roles: ["slurmd" as const], gpus: { type: "a100", count: 2 } },
    { name: "rest", roles: ["slurmrestd" as const] },
  ],
  overrides: { "slurm.conf": { SlurmdParameters: null } },
  scripts: { prolog: "true", epilog: "true", healthCheck: "true", jobSubmit: "return slurm.SUCCESS" },
};

/** Inputs for faults that need more than where to go. */
const INPUTS: Readonly<Record<string, object>> = {
  "daemon-killed": { daemon: "slurmd" },
  "daemon-hung": { daemon: "slurmd" },
  "conf-parse-error": { restarts: "slurmd" },
  "daemon-slow": { daemon: "slurmd" },
  "storage-slow": { daemon: "slurmd" },
  "daemon-crash-loops": { daemon: "slurmd" },
  "port-blocked": { port: 6818 },
  "network-partition": { from: "slurmctld" },
  "rows-altered": { table: "lab_job_table", where: "id_job = 1" },
};

async function fakeCluster(): Promise<{ cluster: Cluster; engine: FakeEngine; running: Program }> {
  const planned = planCluster(SPEC, { defaultSlurm: "24.11" });
  if (!planned.ok) throw new Error(JSON.stringify(planned.problems));
  const engine = new FakeEngine();
  const network = { name: "slurmlab-test", subnet: "10.0.0.0/24", labels: {} };
  await engine.createNetwork(network);
  const { plan } = planned;
  const nodes = await Promise.all(
    plan.nodes.map(async (node, i) => {
      const address = `10.0.0.${i + 10}`;
      const container = await engine.createContainer({
        name: `slurmlab-test-${node.name}`,
        hostname: node.name,
        image: "x",
        labels: {},
        capabilities: [],
        network: { name: network.name, address },
      });
      await engine.startContainer(container);
      return new Node(engine, { plan: node, address, container, image: "x", slurm: "24.11" });
    }),
  );
  const signal = new AbortController().signal;
  const gpus = { mode: "mock" as const, line: "", gpus: { g1: [{ type: "a100", minors: [0, 1] }] } };
  const facts = { cgroup: "v1" as const } as Cluster["facts"];
  const around = {
    id: "test",
    labels: {},
    network: { name: network.name, addresses: {} },
    facts,
    gpus,
    restored: false,
  };
  const images = {} as Cluster["images"];
  const made = { images, bundle: [], upgrades: [], undo: new Undo(), waits: new Waits() };
  const running = runningWith(nodeTexts(plan, nodes));
  return { cluster: { ...around, ...made, engine, plan, nodes, signal }, engine, running };
}

function newFaults(cluster: Cluster): Faults {
  return new Faults(cluster, { daemons: new DaemonControl(cluster), journal: new Journal(), seed: 1 });
}

function inputOf(fault: Fault): { fault: string; on?: string } {
  const on = "on" in fault.schema.shape ? { on: "one" } : {};
  return fault.schema.parse({ fault: fault.name, ...on, ...INPUTS[fault.name] }) as { fault: string };
}

/** In seconds: each look at it is one later, so that nothing has to be waited for. */
let clock = 2;

/** Daemons run until they are stopped, and files are what they are in a cluster. */
const runningWith =
  (textOf: (path: string) => string): Program =>
  ({ argv }) => {
    if (argv[0] === "sv" && argv[1] === "status") return { stdout: `run: ${argv[2]}: (pid 1) 5s\n` };
    if (argv[0] === "cat") return { stdout: textOf(argv[1] ?? "") };
    if (argv[1] === "token")
      return { stdout: `SLURM_JWT=x.${Buffer.from('{"exp":1}').toString("base64url")}.x\n` };
    if (argv[0] === "date") return { stdout: `${clock++}\n` };
    if (argv[0] === "df") return { stdout: "1M-blocks\n64\n" };
    if (argv.includes("if=/dev/zero")) return { code: 1, stderr: "dd: No space left on device" };
    return argv[0] === "find" ? { stdout: "/usr/lib/x/faketime/libfaketime.so.1\n" } : undefined;
  };

describe.each(FAULTS.map((fault) => [fault.name, fault as unknown as Fault] as const))("%s", (_, fault) => {
  test("says in words what is wrong", () => {
    expect(fault.sentence(inputOf(fault))).toMatch(/\w+ \w+/);
    expect(fault.summary).toMatch(/^[A-Z].*\.$/);
  });

  test("lacks nothing in a cluster that has everything", async () => {
    const { cluster } = await fakeCluster();
    expect(fault.lacks?.(inputOf(fault), cluster.plan)).toBeUndefined();
  });

  test("says what mends each change before it makes it", async () => {
    const { cluster, engine, running } = await fakeCluster();
    let registered = 0;
    const changes: string[] = [];
    engine.program = (call) => {
      if (registered === 0 && changesSomething(call.argv)) changes.push(call.argv.join(" "));
      return running(call);
    };
    const before = engine.calls.length;
    const daemons = new DaemonControl(cluster);
    const nodes = cluster.nodes.filter((node) => node.name === "g1");
    await fault.inject(inputOf(fault), {
      cluster,
      nodes,
      daemons,
      heals: () => {
        if (registered === 0) changes.push(...engine.calls.slice(before));
        registered++;
      },
    });
    expect({ registered: registered > 0, changes }).toEqual({ registered: true, changes: [] });
  });

  test("is healed once, however often it is asked for", async () => {
    const { cluster, engine, running } = await fakeCluster();
    engine.program = running;
    const faults = newFaults(cluster);
    const handle = await faults.inject(fault, inputOf(fault));
    await faults.heal(handle);
    const commands: string[] = [];
    engine.program = ({ argv }) => void commands.push(argv.join(" "));
    await faults.heal(handle);
    expect({ commands, still: faults.stillIn }).toEqual({ commands: [], still: [] });
  });

  test("that fails half-way is still in, so that it is healed", async () => {
    const { cluster, engine, running } = await fakeCluster();
    // Looking works, changing does not.
    engine.program = (call) => (changesSomething(call.argv) ? { code: 1, stderr: "no" } : running(call));
    engine.exitCode = ({ entrypoint }) =>
      entrypoint?.includes("-I") || entrypoint?.includes("eth0") ? 1 : 0;
    for (const node of cluster.nodes)
      for (const verb of ["killContainer", "pauseContainer", "disconnect"])
        engine.failing.add(`${verb} ${node.name}`);
    const faults = newFaults(cluster);
    await expect(faults.inject(fault, inputOf(fault))).rejects.toThrow();
    expect(faults.stillIn).toHaveLength(1);
  });
});

function changesSomething(argv: readonly string[]): boolean {
  const looks = [
    "strace",
    "cat",
    "find",
    "test",
    "df",
    "which",
    "getent",
    "stat",
    "nvidia-smi",
    "iptables --version",
  ];
  return !looks.includes(argv[0] ?? "") && !(argv[0] === "sv" && argv[1] === "status");
}

test("every file of the folder that defines a fault is in the list, once", () => {
  const folder = join(import.meta.dirname, "../src/faults");
  const helpers = [
    "again-and-again",
    "changed-file",
    "claims",
    "failing-script",
    "fault",
    "firewall",
    "index",
    "injected",
    "lacking",
    "mock-gpus",
    "munge",
    "node-line",
    "run-file",
    "shares-machine",
    "spool",
    "straced",
    "target",
  ];
  const files = readdirSync(folder)
    .map((name) => name.replace(/\.ts$/, ""))
    .filter((name) => !helpers.includes(name));
  expect(FAULTS.map((fault): string => fault.name).sort()).toEqual(files.sort());
});

describe("where a fault goes", () => {
  const planned = planCluster({ nodes: [{ name: "c[1-5]", roles: ["slurmd"] }] }, { defaultSlurm: "24.11" });
  if (!planned.ok) throw new Error("the test's own cluster is wrong");
  const { plan } = planned;

  test.each([
    ["c2", ["c2"]],
    ["c[4-5]", ["c4", "c5"]],
    ["slurmctld", ["ctl"]],
    ["database", ["db"]],
    ["all", ["c1", "c2", "c3", "c4", "c5"]],
  ])("%s", (on, names) => expect(chooseNodes(on, plan, "1")).toEqual({ names }));

  test.each([
    ["one", 1],
    ["minority", 2],
  ])("%s of five workers are %d, the same for one seed", (on, count) => {
    const chosen = chooseNodes(on, plan, "7");
    expect(chosen).toEqual(chooseNodes(on, plan, "7"));
    expect("names" in chosen && chosen.names).toHaveLength(count);
  });

  test("another seed chooses another one, sooner or later", () => {
    const seen = new Set(
      Array.from({ length: 40 }, (_, seed) => JSON.stringify(chooseNodes("one", plan, `${seed}`))),
    );
    expect(seen.size).toBe(5);
  });

  test.each([["c9"], ["slurmrestd"], ["c[1-"], ["majority"]])("%s is nowhere, and it is said why", (on) => {
    expect(chooseNodes(on, plan, "1")).toEqual({ problem: expect.stringMatching(/no node|neither/) });
  });

  test("two workers have no minority", () => {
    const two = planCluster({ nodes: [{ name: "c[1-2]", roles: ["slurmd"] }] }, { defaultSlurm: "24.11" });
    expect(two.ok && chooseNodes("minority", two.plan, "1")).toMatchObject({ problem: /three workers/ });
  });
});

test("a fault that this machine cannot have is unavailable, not broken", async () => {
  const { cluster, engine } = await fakeCluster();
  engine.program = () => undefined; // no libfaketime is found
  const faults = newFaults(cluster);
  const clockSkew = FAULTS.find((fault) => fault.name === "clock-skew") as unknown as Fault;
  const injecting = faults.inject(clockSkew, inputOf(clockSkew));
  await expect(injecting).rejects.toBeInstanceOf(Unavailable);
  expect(faults.stillIn).toEqual([]);
});

test("a fault that finds nothing to change is broken: it would prove nothing", async () => {
  const { cluster, engine, running } = await fakeCluster();
  engine.program = (call) => (call.argv[0] === "cat" ? { stdout: "AutoDetect=nvml\n" } : running(call));
  const faults = newFaults(cluster);
  const gpusFewer = FAULTS.find((fault) => fault.name === "gpus-fewer") as unknown as Fault;
  const injecting = faults.inject(gpusFewer, inputOf(gpusFewer));
  await expect(injecting).rejects.toMatchObject({
    kind: "broken",
    message: expect.stringMatching(
      /^the fault finds nothing in \/etc\/slurm\/gres\.conf on g\d that it would change$/,
    ),
    seen: "2 lines, none of them written so",
  });
  expect(faults.stillIn).toHaveLength(1);
});
