import { planCluster } from "@slurmlab/config-gen";
import { describe, expect, test } from "vitest";
import { Unavailable } from "../src/errors/unavailable.ts";
import type { LoadedScenario } from "../src/scenario/load.ts";
import { planUpgrades } from "../src/scenario/upgrades.ts";
import { readYaml } from "../src/scenario/yaml.ts";

/** The releases that a YAML scenario of these upgrades is planned for, started on `slurm`. */
function upgradesOf(slurm: string, steps: string, overrides = "{}"): string[] {
  const text = `title: It goes well
cluster:
  slurm: "${slurm}"
  nodes: [{ name: c1, roles: [slurmd] }]
  overrides: ${overrides}
steps:
${steps.replace(/^/gm, "  - upgrade: ")}
`;
  const read = readYaml(text, "x.yaml");
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  const scenario: LoadedScenario = {
    name: "x",
    file: "x.yaml",
    title: "",
    settings: read.settings,
    body: { language: "yaml", scenario: read.scenario },
  };
  const planned = planCluster(read.scenario.cluster, { defaultSlurm: slurm });
  if (!planned.ok) throw new Error(JSON.stringify(planned.problems));
  return planUpgrades(scenario, planned.plan).map(({ release, plan }) => `${release.slurm} ${plan.slurm}`);
}

describe("what a scenario upgrades to", () => {
  test("is each release once, and the cluster is planned for it", () => {
    expect(upgradesOf("24.11", '{ daemon: slurmdbd, to: "26.05" }\n{ daemon: slurmctld }')).toEqual([
      "26.05 26.05",
    ]);
  });
  test("is the next of the catalog where it says so", () => {
    expect(upgradesOf("20.11", "{ daemon: slurmdbd }")).toEqual(["22.05 22.05"]);
  });
});

describe("before anything starts", () => {
  test("an upgrade out of turn is refused, with its line", () => {
    expect(() =>
      upgradesOf("24.11", '{ daemon: slurmdbd, to: "26.05" }\n{ daemon: slurmd, to: "26.05" }'),
    ).toThrow(
      expect.objectContaining({
        kind: "bad-input",
        where: "x.yaml:8",
        seen: expect.stringContaining("must not be newer than slurmctld"),
      }),
    );
  });
  test("an upgrade out of turn is taken when it is forced", () => {
    expect(upgradesOf("24.11", '{ daemon: slurmctld, to: "26.05", force: true }')).toHaveLength(1);
  });
  test("an upgrade that goes too far is taken when it is to fail, and does not count as done", () => {
    const failing = '{ daemon: slurmctld, to: "24.11", fails: ClusterID }';
    expect(upgradesOf("22.05", failing)).toEqual(["24.11 24.11"]);
    expect(() => upgradesOf("22.05", `${failing}\n{ daemon: slurmd, to: "24.11" }`)).toThrow(
      /does not allow/,
    );
  });
  test("a key of the cluster's that the new release does not know is told", () => {
    const overrides = '{ slurm.conf: { SlurmctldPlugstack: "x" } }';
    expect(() => upgradesOf("22.05", '{ daemon: slurmdbd, to: "24.11", force: true }', overrides)).toThrow(
      /cannot be upgraded to Slurm 24\.11[\s\S]*SlurmctldPlugstack/,
    );
  });
  test("a release that the catalog does not have is told", () => {
    expect(() => upgradesOf("22.05", '{ daemon: slurmdbd, to: "23.11" }')).toThrow(
      /no Slurm 23\.11 in the catalog/,
    );
  });
});

describe("a scenario that upgrades to the next release is skipped", () => {
  test("on the newest", () => {
    expect(() => upgradesOf("26.05", "{ daemon: slurmdbd }")).toThrow(
      new Unavailable("there is no release after Slurm 26.05 to upgrade to"),
    );
  });
  test("where Slurm does not take that step at once", () => {
    expect(() => upgradesOf("22.05", "{ daemon: slurmdbd }")).toThrow(
      new Unavailable(
        "Slurm 22.05 cannot be upgraded to 24.11 at once: 24.11 does not take what 22.05 has written; the way is 22.05, 23.11, 24.11",
      ),
    );
  });
});
