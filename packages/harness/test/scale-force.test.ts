import { planCluster } from "@slurmlab/config-gen";
import { expect, test } from "vitest";
import type { Cluster } from "../src/cluster/cluster.ts";
import { Node } from "../src/cluster/node.ts";
import { emptyNodes } from "../src/cluster/scale/jobs.ts";
import { Waits } from "../src/cluster/waits.ts";
import { Undo } from "../src/errors/undo.ts";
import { FakeEngine } from "./support/fake-engine.ts";

const SHOWN = `NodeName=c1 State=MIXED
NodeName=c2 State=MIXED+DRAIN Reason=bad disk [root@2026-01-02T03:04:05]
NodeName=c3 State=DOWN+DRAIN Reason=no power [root@2026-01-02T03:04:05]
`;

/** What scontrol is told when these are emptied by force, and when that is undone. */
async function told(names: readonly string[]) {
  const engine = new FakeEngine();
  const updates: string[] = [];
  engine.program = ({ argv }) => {
    if (argv[1] === "update") updates.push(argv.slice(2).join(" "));
    return { stdout: argv.includes("show") ? SHOWN : "" };
  };
  const made = planCluster(
    {
      nodes: [
        { name: "ctl", roles: ["slurmctld"] },
        { name: "c[1-3]", roles: ["slurmd"] },
      ],
    },
    { defaultSlurm: "24.11" },
  );
  const ctl = made.ok && made.plan.nodes.find(({ name }) => name === "ctl");
  if (!made.ok || !ctl) throw new Error("no plan");
  const container = await engine.createContainer({
    name: "ctl",
    hostname: "ctl",
    image: "image",
    labels: {},
    capabilities: [],
  });
  await engine.startContainer(container);
  const { signal } = new AbortController();
  const node = new Node(engine, { plan: ctl, address: "", container, image: "image", slurm: "24.11" });
  const cluster = { plan: made.plan, nodes: [node], engine, signal, waits: new Waits() };
  const undo = new Undo();
  await emptyNodes(cluster as unknown as Cluster, names, {
    drain: false,
    force: true,
    undo,
    onProgress: () => {},
    signal,
  });
  const done = updates.splice(0);
  expect(await undo.run()).toEqual([]);
  return { done, undone: updates };
}

test("workers that are taken by force are what they were when that is undone", async () => {
  expect(await told(["c1", "c2", "c3"])).toEqual({
    done: [
      "nodename=c1 state=drain reason=slurmlab scale",
      "nodename=c[1-2] state=down reason=slurmlab scale",
    ],
    undone: [
      "nodename=c[1-2] state=resume",
      "nodename=c2 state=drain reason=bad disk",
      "nodename=c1 state=undrain",
    ],
  });
});

test("a worker that is DOWN already is left alone, with its reason", async () => {
  expect(await told(["c3"])).toEqual({ done: [], undone: [] });
});
