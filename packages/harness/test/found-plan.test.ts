import { describe, expect, test } from "vitest";
import { planOfFound } from "../src/cluster/found-plan.ts";
import { listClusters } from "../src/cluster/sweep.ts";
import { LABEL } from "../src/engine/labels.ts";
import { FakeEngine } from "./support/fake-engine.ts";

async function refusal(ctl: "runs" | "is paused" | "has ended") {
  const engine = new FakeEngine();
  const make = (name: string, labels: Record<string, string>) =>
    engine.createContainer({
      name,
      hostname: name,
      image: "image",
      labels: { [LABEL.cluster]: "x", ...labels },
      capabilities: [],
    });
  const node = await make("ctl", { [LABEL.node]: "ctl", [LABEL.roles]: "slurmctld" });
  await engine.startContainer(node);
  if (ctl === "is paused") await engine.pauseContainer(node);
  if (ctl === "has ended") await engine.killContainer(node);
  await engine.waitForExit(await make("ground", {}));
  const [found] = await listClusters(engine);
  if (!found) throw new Error("there is no cluster in the engine");
  return await planOfFound(engine, found, "no").catch((error: unknown) => error);
}

describe("a cluster that some other process has started", () => {
  test("is not refused for a probe that a killed process has left", async () => {
    expect(await refusal("runs")).toMatchObject({ seen: "no /etc/slurmlab/spec.json on its controller" });
  });

  test("is refused when it is paused, with how it goes on", async () => {
    expect(await refusal("is paused")).toMatchObject({
      seen: "ctl is paused",
      expected: "all its nodes to run",
      hint: "pnpm cluster resume x",
    });
  });

  test("is refused when a node has ended, with the way to another one", async () => {
    expect(await refusal("has ended")).toMatchObject({
      seen: "ctl is exited",
      hint: "pnpm cluster down x, and pnpm cluster up starts another one",
    });
  });
});
