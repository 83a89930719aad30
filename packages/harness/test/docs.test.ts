import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { clusterJsonSchema, planCluster } from "@slurmlab/config-gen";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { privilegeReference } from "../src/cluster/roles.ts";
import { runResultJsonSchema } from "../src/report/result.ts";
import { faultReference, scenarioJsonSchema, verbReference } from "../src/scenario/schema.ts";
import { readYaml } from "../src/scenario/yaml.ts";

const DOCS = join(import.meta.dirname, "../../../docs");

/** Compares, or writes with UPDATE_DOCS=1. */
function cutFromCode(path: string, wanted: string): void {
  const file = join(DOCS, path);
  if (process.env.UPDATE_DOCS === "1") {
    mkdirSync(join(file, ".."), { recursive: true });
    writeFileSync(file, wanted);
  }
  expect(readFileSync(file, "utf8"), "run UPDATE_DOCS=1 pnpm vitest run --project harness").toBe(wanted);
}

describe("the documents cut from the code are up to date", () => {
  test("the reference of verbs", () => cutFromCode("verbs.md", verbReference()));
  test("the reference of faults", () => cutFromCode("faults.md", faultReference()));
  test("the table of privileges", () => cutFromCode("privileges.md", privilegeReference()));
  test("the JSON Schema of a scenario", () =>
    cutFromCode("schema/scenario.json", `${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`));
  test("the JSON Schema of a cluster", () =>
    cutFromCode("schema/cluster.json", `${JSON.stringify(clusterJsonSchema(), null, 2)}\n`));
  test("the JSON Schema of a report", () =>
    cutFromCode("schema/report.json", `${JSON.stringify(runResultJsonSchema(), null, 2)}\n`));
});

test("every file that the tour passes is there", () => {
  const packages = join(DOCS, "../packages");
  const sources = ["config-gen", "harness", "images"].flatMap((name) =>
    readdirSync(join(packages, name, "src"), { recursive: true, encoding: "utf8" }),
  );
  const files = [...sources, "borders.test.ts"].map((path) => `/${path}`);
  const tour = readFileSync(join(DOCS, "tour.md"), "utf8");
  const named = [...tour.matchAll(/`(?:[\w-]+\/)*?((?:[\w-]+\/)?[\w.-]+\.ts)`/g)].map(
    ([, file = ""]) => file,
  );
  expect(named.length).toBeGreaterThan(50);
  expect(
    named.filter((file) => !files.some((path) => path.endsWith(`/${file.replace(/^(src|ci)\//, "")}`))),
  ).toEqual([]);
});

test("every field of a cluster says what it is", () => {
  expect(undescribed(clusterJsonSchema(), "cluster")).toEqual([]);
});

/** The properties of a JSON Schema that have no description, by their path. */
function undescribed(schema: unknown, path: string): string[] {
  if (typeof schema !== "object" || schema === null) return [];
  return Object.entries(schema).flatMap(([key, value]) => {
    if (key !== "properties") return undescribed(value, path);
    return Object.entries(value as Record<string, { description?: string }>).flatMap(([name, field]) => [
      ...(field.description ? [] : [`${path}.${name}`]),
      ...undescribed(field, `${path}.${name}`),
    ]);
  });
}

describe("the README's scenarios are the shipped ones", () => {
  const readme = readFileSync(join(DOCS, "../README.md"), "utf8");
  const shipped = (name: string) => readFileSync(join(DOCS, "../scenarios", name), "utf8").trim();
  test("in YAML", () => {
    const yaml = shipped("hello.yaml");
    expect(readme).toContain(yaml.slice(yaml.indexOf("title:")));
  });
  test("in TypeScript", () => expect(readme).toContain(shipped("gpu-type.ts")));
});

test("the specifications in docs/config.md are ones", () => {
  const text = readFileSync(join(DOCS, "config.md"), "utf8");
  const examples = [...text.matchAll(/```yaml\n(.*?)```/gs)].map(([, yaml = ""]) => yaml);
  expect(examples.length).toBeGreaterThan(1);
  for (const example of examples)
    expect(planCluster(parse(example), { defaultSlurm: "24.11" })).toMatchObject({ ok: true });
});

test.each(["scenarios.md", "../README.md"])("the scenarios in docs/%s have no problem", (file) => {
  const text = readFileSync(join(DOCS, file), "utf8");
  const found = [...text.matchAll(/```yaml\n(.*?)```/gs)].map(([, yaml = ""]) => readYaml(yaml, file));
  expect(found.length).toBeGreaterThan(0);
  for (const each of found) expect(each).toMatchObject({ ok: true });
});
