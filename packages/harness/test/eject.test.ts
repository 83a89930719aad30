import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { TYPESCRIPT_START, YAML_START } from "../src/cli/scenario/starting-files.ts";
import { ejectScenario } from "../src/scenario/eject.ts";
import { readTypeScript } from "../src/scenario/typescript.ts";
import { readYaml } from "../src/scenario/yaml.ts";
import { recordSteps } from "./support/record-steps.ts";

const ROOT = join(import.meta.dirname, "../../..");
const SCENARIOS = join(ROOT, "scenarios");
/** Beside the scenarios, so that what they import is found in the same way. */
const folder = mkdtempSync(join(SCENARIOS, "ejected-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const shipped = readdirSync(SCENARIOS)
  .filter((name) => /\.ya?ml$/.test(name))
  .map((name) => [name, readFileSync(join(SCENARIOS, name), "utf8")] as const);

function eject(text: string, given: Record<string, string> = {}): string {
  const read = readYaml(text, "x.yaml", given);
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return ejectScenario(read);
}

let count = 0;
/** What the YAML and the TypeScript made of it say and do, each against the same recording of verbs. */
async function bothWays(text: string, given: Record<string, string> = {}) {
  const yaml = readYaml(text, "x.yaml", given);
  if (!yaml.ok) throw new Error(JSON.stringify(yaml.problems));
  const file = join(folder, `case-${count++}.ts`);
  writeFileSync(file, ejectScenario(yaml));
  const typescript = await readTypeScript(file, given);
  if (!typescript.ok) throw new Error(JSON.stringify(typescript.problems));
  const facts = ({ title, cluster, breaks = [] }: typeof yaml.scenario | typeof typescript.scenario) => ({
    title,
    cluster,
    breaks,
  });
  return {
    yaml: {
      ...facts(yaml.scenario),
      settings: yaml.settings,
      steps: await recordSteps({ language: "yaml", scenario: yaml.scenario }, yaml.settings),
    },
    typescript: {
      ...facts(typescript.scenario),
      settings: typescript.settings,
      steps: await recordSteps(
        { language: "typescript", scenario: typescript.scenario },
        typescript.settings,
      ),
    },
  };
}

describe("the TypeScript of a YAML scenario", () => {
  test.each(shipped)("does the same steps as %s", async (_, text) => {
    const { yaml, typescript } = await bothWays(text);
    expect(yaml.steps.length).toBeGreaterThan(0);
    expect(typescript).toEqual(yaml);
  });

  test("does the same with parameters that are set", async () => {
    const { yaml, typescript } = await bothWays(YAML_START, { nodes: "5" });
    expect(yaml.cluster).toEqual({ nodes: [{ name: "c[1-5]", roles: ["slurmd"], cpus: 2 }] });
    expect(typescript).toEqual(yaml);
  });

  test("compiles without an error, for every YAML scenario that there is", async () => {
    for (const [name, text] of [...shipped, ["start.yaml", YAML_START] as const])
      writeFileSync(join(folder, name.replace(/\.ya?ml$/, ".ts")), eject(text));
    writeFileSync(join(folder, "started.ts"), TYPESCRIPT_START);
    const config = join(folder, "tsconfig.json");
    writeFileSync(config, JSON.stringify({ extends: join(ROOT, "tsconfig.json"), include: ["*.ts"] }));
    const done = await execa("tsc", ["--noEmit", "-p", config], {
      preferLocal: true,
      localDir: ROOT,
      reject: false,
    });
    expect(done.stdout.split("\n").filter((line) => !line.includes("case-"))).toEqual([""]);
  }, 60_000);

  test("does the same steps as any YAML scenario, whatever its results are called", async () => {
    const name = fc.constantFrom(
      "job",
      "class",
      "submit",
      "output",
      "output_",
      "parameters",
      "of",
      "job_",
      "x1",
    );
    const words = fc.string({
      unit: fc.constantFrom("$", "$$", "a", "`", "\\", '"', "\n", " ", "{a}", "'", "[1]", "é"),
    });
    const step = fc.record({ as: fc.option(name), run: words.map((text) => `e${text}`), refer: fc.nat() });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 6 }), words, async (steps, title) => {
        const { yaml, typescript } = await bothWays(JSON.stringify(document(`t${title}`, steps)));
        expect(typescript).toEqual(yaml);
      }),
      { numRuns: 40 },
    );
  });
});

/** A scenario of these submits, each result used by a later step. JSON is YAML. */
function document(
  title: string,
  steps: ReadonlyArray<{ as: string | null; run: string; refer: number }>,
): unknown {
  const known: string[] = [];
  return {
    title,
    cluster: { nodes: [{ name: "c1", roles: ["slurmd"] }] },
    steps: steps.flatMap(({ as, run, refer }) => {
      const named = as !== null && !known.includes(as) ? as : undefined;
      const used = known[refer % Math.max(known.length, 1)];
      if (named) known.push(named);
      return [
        { submit: { run, name: run }, ...(named ? { as: named } : {}) },
        ...(used ? [{ until: { job: `$${used}`, is: "COMPLETED" } }] : []),
      ];
    }),
  };
}
