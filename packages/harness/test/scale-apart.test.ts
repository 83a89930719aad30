import { machinesOf, planCluster, renderBundle } from "@slurmlab/config-gen";
import { IMAGE_ROLES } from "@slurmlab/images";
import { describe, expect, test } from "vitest";
import type { Cluster } from "../src/cluster/cluster.ts";
import { parseFacts } from "../src/cluster/ground.ts";
import { Node } from "../src/cluster/node.ts";
import type { NodeImages } from "../src/cluster/node-images.ts";
import { claimWorkers } from "../src/cluster/scale/claim.ts";
import { checkNamesFree, startMachines } from "../src/cluster/scale/machines.ts";
import { NO_SECRETS } from "../src/cluster/secrets.ts";
import { listClusters, removeCluster } from "../src/cluster/sweep.ts";
import { Waits } from "../src/cluster/waits.ts";
import { LABEL, ownerOf } from "../src/engine/labels.ts";
import { Undo } from "../src/errors/undo.ts";
import { FakeEngine } from "./support/fake-engine.ts";

const ID = "x-aaaaaa";
const NAME = `slurmlab-${ID}-scale`;
/** No process has this number. */
const DEAD = ownerOf(process.pid).replace(/\/[^/]*\/[^/]*$/, "/999999999/1");

const bare = (node: string, labels: Record<string, string> = {}) => ({
  name: `slurmlab-${ID}-${node}`,
  hostname: node,
  image: "image",
  labels: { [LABEL.cluster]: ID, ...labels },
  capabilities: [],
});

async function clusterIn(engine: FakeEngine) {
  const [found] = await listClusters(engine);
  if (!found) throw new Error("there is no cluster in the engine");
  return found;
}

async function withCtl() {
  const engine = new FakeEngine();
  await engine.createContainer(bare("ctl", { [LABEL.node]: "ctl" }));
  return { engine, claim: async () => await claimWorkers(engine, await clusterIn(engine), "no") };
}

describe("the claim on a cluster's workers", () => {
  test("is refused, with its holder, while another process has it", async () => {
    const { claim } = await withCtl();
    await claim();
    await expect(claim()).rejects.toMatchObject({
      kind: "bad-input",
      seen: `another one goes on, by ${ownerOf(process.pid)}`,
      where: `container ${NAME}`,
    });
  });

  test("can be had again when it is given up", async () => {
    const { claim } = await withCtl();
    await (await claim()).release();
    await (await claim()).release();
  });

  test("is taken over from a process that is dead", async () => {
    const { engine, claim } = await withCtl();
    await engine.createContainer(bare("scale", { [LABEL.scale]: DEAD }));
    await claim();
    expect(engine.containers.get(NAME)?.spec.labels[LABEL.scale]).toBe(ownerOf(process.pid));
  });

  test("is not taken from a process on another machine", async () => {
    const { engine, claim } = await withCtl();
    await engine.createContainer(bare("scale", { [LABEL.scale]: "elsewhere/pid/1/1" }));
    await expect(claim()).rejects.toMatchObject({ seen: "another one goes on, by elsewhere/pid/1/1" });
  });

  test("goes with the cluster", async () => {
    const { engine, claim } = await withCtl();
    await claim();
    await removeCluster(engine, await clusterIn(engine));
    expect([...engine.containers.keys()]).toEqual([]);
  });
});

describe("containers for new workers", () => {
  test("are refused a name that one has, with the way out", async () => {
    const engine = new FakeEngine();
    await engine.createContainer(bare("c3", { [LABEL.node]: "c3" }));
    const found = await clusterIn(engine);
    expect(() => checkNamesFree(found, [{ name: "c3" }], "no")).toThrow(
      expect.objectContaining({
        kind: "bad-input",
        seen: `slurmlab-${ID}-c3 is created`,
        hint: expect.stringContaining(`docker rm --force --volumes slurmlab-${ID}-c3`),
      }),
    );
    checkNamesFree(found, [{ name: "c4" }], "no");
  });

  test("leave one of that name alone that somebody else has made, when they are undone", async () => {
    const { engine, start, undo } = await starting();
    await engine.createContainer(bare("c3"));
    await expect(start()).rejects.toThrow("is in use");
    expect(await undo.run()).toEqual([]);
    expect([...engine.containers.keys()]).toEqual([bare("c3").name]);
  });

  test("are removed when one of them cannot be started, in one step", async () => {
    const { engine, start, undo } = await starting();
    engine.failing.add("startContainer c3");
    await expect(start()).rejects.toThrow("refuses");
    expect([...engine.containers.keys()]).toHaveLength(2);
    expect(undo.pending).toEqual(["remove c[2-3]"]);
    expect(await undo.run()).toEqual([]);
    expect([...engine.containers.keys()]).toEqual([]);
  });
});

/** c1 is to get c2 and c3 at its side. */
async function starting() {
  const engine = new FakeEngine();
  await engine.createNetwork({ name: `slurmlab-${ID}`, subnet: "10.213.0.0/24", labels: {} });
  const planned = (workers: string) => {
    const made = planCluster(
      {
        nodes: [
          { name: "ctl", roles: ["slurmctld"] },
          { name: workers, roles: ["slurmd"] },
        ],
      },
      { defaultSlurm: "24.11" },
    );
    if (!made.ok) throw new Error(JSON.stringify(made.problems));
    return made.plan;
  };
  const [plan, after] = [planned("c1"), planned("c[1-3]")];
  const tags = Object.fromEntries(IMAGE_ROLES.map((role) => [role, "image"])) as NodeImages["tags"];
  const facts = parseFacts(engine.log);
  const ground = { cgroup: facts.cgroup, gpus: {} };
  const bundle = renderBundle(plan, ground, NO_SECRETS);
  const nodes = machinesOf(plan).map(
    (machine) =>
      new Node(engine, { plan: machine, address: "", container: "none", image: "image", slurm: "24.11" }),
  );
  const cluster: Cluster = {
    id: ID,
    labels: {},
    network: { name: `slurmlab-${ID}`, addresses: {} },
    facts,
    gpus: undefined,
    restored: false,
    engine,
    plan,
    images: { slurm: "24.11", tags },
    nodes,
    // Nothing to read from c1.
    bundle: [],
    upgrades: [],
    undo: new Undo(),
    signal: new AbortController().signal,
    waits: new Waits(),
  };
  const undo = new Undo();
  const goal = {
    plan: after,
    gpus: undefined,
    bundle,
    machines: machinesOf(after).filter(({ name }) => ["c2", "c3"].includes(name)),
    change: { add: [{ names: ["c2", "c3"], like: "c1" }], remove: [] },
  };
  const addresses = ["10.213.0.12", "10.213.0.13"];
  return { engine, undo, start: () => startMachines(cluster, goal, { staying: nodes, addresses, undo }) };
}
