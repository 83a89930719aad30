import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { knowledgeOf, lintSite, RELEASES } from "../../src/index.ts";
import { RULES } from "../../src/lint/rules/index.ts";
import { CORPUS } from "../read/corpus.ts";

interface About {
  readonly clean: boolean;
  readonly expect: ReadonlyArray<{ readonly file: string; readonly line: number; readonly what: string }>;
}

function about(name: string): About {
  return JSON.parse(readFileSync(join(import.meta.dirname, "..", name, "SITE.json"), "utf8")) as About;
}

function errorsOf({ files, slurm }: (typeof CORPUS)[number]) {
  const knowledge = knowledgeOf(slurm);
  if (!knowledge) throw new Error(`nothing about ${slurm}, only ${RELEASES.join(", ")}`);
  return lintSite(files, knowledge).filter(({ severity }) => severity === "error");
}

/** By file and line, as SITE.json names what a careful reader found. */
const placesOf = (site: (typeof CORPUS)[number]) =>
  errorsOf(site).map(({ place }) => `${place?.file}:${place?.line}`);

describe.each(CORPUS)("$name", (site) => {
  test("has no error where the daemon of its release saw none", () => {
    const expected = about(site.name).expect.map(({ file, line }) => `${file}:${line}`);
    // What follows from a line that could not be read stands on the line below it.
    const unread = errorsOf(site).some(({ code }) => code === "parse");
    const surprising = placesOf(site).filter((place) => !expected.includes(place));
    expect(unread ? surprising.slice(1) : surprising).toEqual([]);
  });

  test("has an error where a daemon ended", () => {
    const fatal = about(site.name).expect.filter(({ what }) => what.includes("fatal:"));
    const places = placesOf(site);
    expect(
      fatal.map(({ file, line }) => `${file}:${line}`).filter((place) => !places.includes(place)),
    ).toEqual([]);
  });
});

test("every rule of the folder is in the list", () => {
  const folder = join(import.meta.dirname, "../../src/lint/rules");
  const files = readdirSync(folder).filter((name) => name !== "index.ts");
  expect(Object.keys(RULES).sort()).toEqual(files.map((name) => name.replace(".ts", "")).sort());
});
