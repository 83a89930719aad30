import { planCluster } from "@slurmlab/config-gen";
import { describe, expect, test } from "vitest";
import type { Cluster } from "../src/cluster/cluster.ts";
import { Node } from "../src/cluster/node.ts";
import { tellSlurmctld } from "../src/cluster/tell-slurmctld.ts";
import { FakeEngine } from "./support/fake-engine.ts";

/** Which slurmctlds are started again, of those that run. */
async function restarted(slurm: string, running: readonly string[]): Promise<string[]> {
  const engine = new FakeEngine();
  const made = planCluster(
    {
      nodes: [
        { name: "ctl[1-2]", roles: ["slurmctld"] },
        { name: "c1", roles: ["slurmd"] },
      ],
    },
    { defaultSlurm: slurm },
  );
  if (!made.ok) throw new Error(JSON.stringify(made.problems));
  const { plan } = made;
  const nodes: Node[] = [];
  for (const planned of plan.nodes) {
    const { name } = planned;
    const container = await engine.createContainer({
      name,
      hostname: name,
      image: "image",
      labels: {},
      capabilities: [],
    });
    await engine.startContainer(container);
    nodes.push(new Node(engine, { plan: planned, address: "", container, image: "image", slurm }));
  }
  const again: string[] = [];
  await tellSlurmctld({ plan, nodes } as unknown as Cluster, {
    runs: async ({ name }) => running.includes(name),
    restart: async ({ name }) => void again.push(name),
  });
  return again;
}

describe("a slurmctld that is told of other nodes", () => {
  test("up to 23.02 is started again, and so is a backup", async () => {
    expect(await restarted("22.05", ["ctl1", "ctl2"])).toEqual(["ctl1", "ctl2"]);
  });

  test("from 23.11 on goes on, and a backup is started again", async () => {
    expect(await restarted("24.11", ["ctl1", "ctl2"])).toEqual(["ctl2"]);
  });

  test("stays stopped when it was", async () => {
    expect(await restarted("22.05", ["ctl2"])).toEqual(["ctl2"]);
  });
});
