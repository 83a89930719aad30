import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, test } from "vitest";
import { keepCluster, listClusters, sweep } from "../src/cluster/sweep.ts";
import { LABEL, ownerOf, ownerState } from "../src/engine/labels.ts";
import { FakeEngine } from "./support/fake-engine.ts";

async function deadOwner(): Promise<string> {
  // Lives until its input ends, so that it is not over before it is looked at.
  const child = spawn("cat", { stdio: ["pipe", "ignore", "ignore"] });
  const owner = ownerOf(child.pid ?? 0);
  child.stdin.end();
  await once(child, "exit");
  return owner;
}

describe("the owner in a label", () => {
  test("is alive while this process is", () => expect(ownerState(ownerOf(process.pid))).toBe("alive"));
  test("is dead when its process has ended", async () => expect(ownerState(await deadOwner())).toBe("dead"));
  test("is dead when its pid now belongs to another process", () => {
    const [host, space, pid] = ownerOf(process.pid).split("/");
    expect(ownerState([host, space, pid, "1"].join("/"))).toBe("dead");
  });
  test("of another machine is unknown, and so left alone", () => {
    const [, ...rest] = ownerOf(process.pid).split("/");
    expect(ownerState(["elsewhere-00000000", ...rest].join("/"))).toBe("unknown");
  });
  test("that makes no sense is unknown", () => expect(ownerState("")).toBe("unknown"));
});

describe("sweeping", () => {
  const labelsOf = (id: string, owner: string) => ({
    [LABEL.tool]: "0",
    [LABEL.cluster]: id,
    [LABEL.owner]: owner,
  });
  const make = async (engine: FakeEngine, id: string, owner: string) => {
    const labels = labelsOf(id, owner);
    await engine.createNetwork({ name: id, subnet: `${id}/24`, labels });
    await engine.createContainer({
      name: `${id}-c1`,
      hostname: "c1",
      image: "x",
      labels,
      capabilities: [],
      network: { name: id, address: "" },
    });
  };

  test("removes what a dead run left behind, and nothing else", async () => {
    const engine = new FakeEngine();
    await make(engine, "dead", await deadOwner());
    await make(engine, "alive", ownerOf(process.pid));
    const owner = await deadOwner();
    await make(engine, "kept", owner);
    await keepCluster(engine, "kept", labelsOf("kept", owner));
    await make(engine, "foreign", "elsewhere-00000000/pid1/7/99");
    const { removed, failures } = await sweep(engine);
    expect({ removed: removed.map((cluster) => cluster.id), failures }).toEqual({
      removed: ["dead"],
      failures: [],
    });
    expect((await listClusters(engine)).map(({ id, state }) => `${id}: ${state}`).sort()).toEqual([
      "alive: running",
      "foreign: unknown owner",
      "kept: kept",
    ]);
  });

  test("removes an NFS server behind the nodes that mount from it, and thaws it before", async () => {
    const engine = new FakeEngine();
    const owner = await deadOwner();
    const roles = { server: "nfs", login: "login" };
    for (const [name, role] of Object.entries(roles)) {
      const labels = { ...labelsOf("dead", owner), [LABEL.roles]: role };
      const spec = { name, hostname: name, image: "x", labels, capabilities: [] };
      await engine.startContainer(await engine.createContainer(spec));
    }
    await engine.pauseContainer("server");
    engine.calls.length = 0;
    expect((await sweep(engine)).failures).toEqual([]);
    expect(engine.calls).toEqual([
      "unpauseContainer server",
      "remove container login",
      "remove container server",
    ]);
  });

  test("names what it could not remove and goes on", async () => {
    const engine = new FakeEngine();
    await make(engine, "dead", await deadOwner());
    engine.failing.add("remove container dead-c1");
    expect((await sweep(engine)).failures).toEqual([
      "container dead-c1: the fake refuses: remove container dead-c1",
      "network dead: network dead has active endpoints",
    ]);
  });
});
