import { planCluster } from "@slurmlab/config-gen";
import { describe, expect, test } from "vitest";
import { after, nodesFor, partsAt, type UpgradeStep, whyNotNow } from "../src/cluster/upgrade-order.ts";

const planned = planCluster({ nodes: [{ name: "c[1-2]", roles: ["slurmd"] }] }, { defaultSlurm: "24.11" });
if (!planned.ok) throw new Error("the test's own cluster is wrong");
const { plan } = planned;

const step = (part: UpgradeStep["part"], to: string, on?: string): UpgradeStep => {
  const nodes = nodesFor(plan, part, on);
  if (typeof nodes === "string") throw new Error(nodes);
  return { part, nodes, to };
};
/** Why the last of these upgrades of a cluster is not allowed, those before it being done. */
const why = (from: string, ...steps: readonly UpgradeStep[]) => {
  const last = steps.at(-1);
  if (!last) throw new Error("no step");
  return whyNotNow(steps.slice(0, -1).reduce(after, partsAt(plan, from)), last);
};

describe("an upgrade is allowed", () => {
  const all = [
    step("slurmdbd", "26.05"),
    step("slurmctld", "26.05"),
    step("slurmd", "26.05", "c1"),
    step("slurmd", "26.05", "c2"),
    step("client", "26.05"),
  ];
  test.each(all.map((_, i) => i + 1))("in the order of Slurm's manual, step %i", (count) => {
    expect(why("24.11", ...all.slice(0, count))).toBeUndefined();
  });
  test("of a release that was compiled, whatever its patch level", () => {
    expect(why("24.11.7", step("slurmdbd", "26.05"))).toBeUndefined();
  });
});

describe("an upgrade is not allowed", () => {
  test("of slurmctld before slurmdbd", () => {
    expect(why("24.11", step("slurmctld", "26.05"))).toBe(
      "slurmctld 26.05 must not be newer than slurmdbd, which is 24.11 on dbd: upgrade that first",
    );
  });
  test.each(["slurmd", "client"] as const)("of %s before slurmctld", (part) => {
    expect(why("24.11", step("slurmdbd", "26.05"), step(part, "26.05"))).toContain(
      "must not be newer than slurmctld, which is 24.11 on ctl",
    );
  });
  test("further than the release takes, and the way there is told", () => {
    expect(why("22.05", step("slurmdbd", "24.11"))).toBe(
      "slurmdbd on dbd: 24.11 does not take what 22.05 has written; the way is 22.05, 23.11, 24.11",
    );
  });
  test("backwards", () => {
    expect(why("26.05", step("slurmdbd", "24.11"))).toContain("Slurm takes nothing back");
  });
  test("to what it is", () => {
    expect(why("24.11", step("slurmdbd", "24.11"))).toBe("slurmdbd on dbd: it is 24.11 already");
  });
  test("when it leaves somebody behind who is too old for it", () => {
    const upgraded = ["slurmdbd", "slurmctld"] as const;
    const first = upgraded.map((part) => step(part, "22.05"));
    const second = [step("slurmdbd", "23.11")];
    expect(why("20.11", ...first, ...second)).toBe(
      "slurmdbd 23.11 does not talk to client 20.11 on login: 23.11 does not take what 20.11 has written; the way is 20.11, 22.05, 23.11",
    );
  });
});

describe("the nodes that an upgrade is for", () => {
  test("are all that have the daemon", () => expect(nodesFor(plan, "slurmd")).toEqual(["c1", "c2"]));
  test("are the one that is named", () => expect(nodesFor(plan, "slurmd", "c2")).toEqual(["c2"]));
  test("are those of the role that is named", () =>
    expect(nodesFor(plan, "client", "login")).toEqual(["login"]));
  test("are none without the daemon, and the nearest name is told", () => {
    expect(nodesFor(plan, "slurmd", "ctl")).toBe('no node or role "ctl" with slurmd; did you mean c1?');
  });
  test("are none where nobody has it", () => {
    expect(nodesFor(plan, "slurmrestd")).toBe("no node has slurmrestd");
  });
});
