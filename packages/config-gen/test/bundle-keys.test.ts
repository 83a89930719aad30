import { describe, expect, test } from "vitest";
import { PRESETS, type PresetName, renderBundle } from "../src/index.ts";
import { findKey, knowledgeOf, type SlurmKnowledge } from "../src/knowledge/knowledge.ts";
import { readSite } from "../src/read/site.ts";
import type { SiteFiles } from "../src/read/site-files.ts";
import { planOf } from "./support/plan.ts";
import {
  type Example,
  everything,
  example,
  FAKE_SECRETS,
  gpu,
  modern,
  newest,
  presetExample,
  site,
} from "./support/specs.ts";

// A key that a release does not know is fatal to its daemons. What they know was taken from their own parsers.

const RELEASES = ["20.11", "22.05", "24.11", "26.05"];

type Case = readonly [name: string, release: string, example: Example];

const cases: Case[] = RELEASES.flatMap((release) => [
  ...(Object.keys(PRESETS) as PresetName[]).map(
    (name): Case => [name, release, presetExample(name, release)],
  ),
  ["named", release, gpu] as Case,
  ["everything", release, example(everything, "v1", release)] as Case,
  ["site", release, example(site, "v1", release)] as Case,
  ...(release >= "24.11" ? [["modern", release, example(modern, "v2", release)] as Case] : []),
  ...(release === "26.05" ? [["newest", release, example(newest, "v2", release)] as Case] : []),
]);

function siteOf(release: string, { spec, ground }: Example) {
  const bundle = renderBundle(planOf(spec, release), ground, FAKE_SECRETS);
  const files: SiteFiles = new Map(
    bundle.map(({ path, content }) => [
      path.replace("/etc/slurm/", ""),
      { name: path.replace("/etc/slurm/", ""), content: String(content) },
    ]),
  );
  const read = readSite(files, release);
  if (!read.site) throw new Error(JSON.stringify(read.problems));
  return read.site;
}

describe.each(cases)("%s for Slurm %s", (_, release, given) => {
  const rendered = siteOf(release, given);
  const knowledge = knowledgeOf(release) as SlurmKnowledge;

  test("is read without a problem", () => {
    expect(rendered.problems).toEqual([]);
  });

  test("has no key that the release does not know", () => {
    const unknown = [...rendered.confs].flatMap(([file, conf]) =>
      conf.lines.flatMap((line) => {
        const own = findKey(knowledge, file, "", line.key) ? [] : [`${file}: ${line.key}`];
        const more = line.attributes.filter((each) => !findKey(knowledge, file, line.key, each.key));
        return [...own, ...more.map((each) => `${file}: ${line.key} ${each.key}`)];
      }),
    );
    expect(unknown).toEqual([]);
  });

  test("has no plugin that the release does not have", () => {
    const lines = rendered.confs.get("slurm.conf")?.lines ?? [];
    const plugins = lines.flatMap((line) => {
      const match = /^([a-z_]+)\/(\w+)$/.exec(line.value);
      return match?.[1] && match[2] ? [[match[1], match[2]] as const] : [];
    });
    expect(plugins.length).toBeGreaterThan(0);
    // auth/slurm is the credential plugin too, under another name.
    const has = ([type, name]: readonly [string, string]) =>
      knowledge.plugins[type === "cred" && name === "slurm" ? "auth" : type]?.includes(name);
    expect(plugins.filter((plugin) => !has(plugin))).toEqual([]);
  });
});
