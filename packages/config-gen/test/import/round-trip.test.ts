import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { essenceOf, workersOf } from "../../src/index.ts";
import { plainValue } from "../../src/render/text.ts";
import { MORE_KEYS } from "../../src/spec/values.ts";
import { CORPUS } from "../read/corpus.ts";
import { spoiltSite } from "../read/mutate.ts";
import { planOf } from "../support/plan.ts";
import { randomSpec } from "../support/random-spec.ts";
import { planOfImport, read, renderedFiles, roundTrip } from "./round-trip.ts";

/** Sites whose specification does not plan, each with the reason: nothing else may join them unseen. */
const NOT_PLANNED: Readonly<Record<string, RegExp>> = {
  "sites-odd/two-keys": /^nodes: expected at least 1 item/,
  "sites-odd/two-keys-old": /^nodes: expected at least 1 item/,
};

describe("a site that is imported and rendered again", () => {
  test.each(CORPUS.filter(({ name }) => !(name in NOT_PLANNED)))("is the same: $name", ({ files, slurm }) => {
    const site = read(files, slurm);
    const result = planOfImport(site);
    expect(result.ok ? [] : result.problems).toEqual([]);
    const means = roundTrip(site);
    expect(means?.after).toEqual(means?.before);
  });

  test.each(CORPUS.filter(({ name }) => name in NOT_PLANNED))(
    "cannot be planned: $name",
    ({ name, files, slurm }) => {
      const result = planOfImport(read(files, slurm));
      expect(result.ok ? "" : `${result.problems[0]?.path}: ${result.problems[0]?.message}`).toMatch(
        NOT_PLANNED[name] ?? /never/,
      );
    },
  );

  test("is the same whatever has happened to its files, as far as it plans", () => {
    let planned = 0;
    fc.assert(
      fc.property(spoiltSite, ({ files, slurm }) => {
        // No key of Slurm's, and none that a JavaScript object takes from a schema.
        if ([...files.values()].some(({ content }) => content.includes("__proto__"))) return;
        if (plansAndHolds(files, slurm)) planned++;
      }),
      { numRuns: 1500 },
    );
    expect(planned).toBeGreaterThan(500);
  }, 120_000);
});

/** Whether it plans; then it has to mean the same. */
function plansAndHolds(files: Parameters<typeof read>[0], slurm: string): boolean {
  let site: ReturnType<typeof read>;
  try {
    site = read(files, slurm);
  } catch {
    return false;
  }
  const means = roundTrip(site);
  if (means) expect(means.after).toEqual(means.before);
  return means !== undefined;
}

/** Of what a release writes by itself where nothing is said, for `defaults: slurm`. */
const SAID =
  /^(clustername|slurmctldhost|authtype|credtype|slurmctldparameters|topologyplugin|licenses|priority\w*|\w*prog|\w*program|suspend\w*|resume\w*|jobsubmitplugins|clifilterplugins)$/;

describe.each(["20.11", "22.05", "24.11", "26.05"])("a specification for Slurm %s", (slurm) => {
  test("that is rendered and read has the nodes, the partitions and the keys that it says", () => {
    fc.assert(
      fc.property(randomSpec(slurm), (spec) => {
        const plan = planOf(spec, slurm);
        const site = read(renderedFiles(plan), slurm);
        expect(site.nodes.flatMap(({ names }) => names)).toEqual(workersOf(plan).map(({ name }) => name));
        expect(site.partitions.map(({ name, settings }) => [name, settings.get("nodes")?.value])).toEqual(
          plan.partitions.map(({ name, written }) => [name, written]),
        );
        const lines = site.confs.get("slurm.conf")?.lines.filter(({ record }) => !record) ?? [];
        const found = new Map(lines.map(({ key, value }) => [key.toLowerCase(), value]));
        const overrides = Object.entries(plan.overrides["slurm.conf"] ?? {});
        for (const [key, value] of overrides)
          if (!MORE_KEYS.test(String(value)))
            expect(found.get(key.toLowerCase())).toBe(value === null ? undefined : plainValue(String(value)));
        const said = new Set(overrides.map(([key]) => key.toLowerCase()));
        if (plan.defaults === "slurm")
          expect([...found.keys()].filter((key) => !said.has(key) && !SAID.test(key))).toEqual([]);
      }),
      { numRuns: 250 },
    );
  }, 120_000);

  test("that is rendered, imported and rendered again means the same, and stays as it is from then on", () => {
    fc.assert(
      fc.property(randomSpec(slurm), (spec) => {
        const site = read(renderedFiles(planOf(spec, slurm)), slurm);
        const result = planOfImport(site);
        if (!result.ok) throw new Error(JSON.stringify(result.problems));
        const once = renderedFiles(result.plan);
        const again = read(once, slurm);
        expect(essenceOf(again)).toEqual(essenceOf(site));
        const twice = planOfImport(again);
        expect(twice.ok && [...renderedFiles(twice.plan)]).toEqual([...once]);
      }),
      { numRuns: 2500 },
    );
  }, 120_000);
});
