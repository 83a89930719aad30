import vm from "node:vm";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  formatNote,
  formatProblem,
  importSite,
  knowledgeOf,
  lintSite,
  type Problem,
  planCluster,
  readSite,
  type SiteFiles,
  shrinkSite,
} from "../../src/index.ts";
import { filesOf } from "./corpus.ts";
import { spoiltSite } from "./mutate.ts";

const context = vm.createContext({});

/** Every answer takes milliseconds; on a busy machine one that takes ten seconds is a loop. */
function inTime(run: () => void): void {
  context.run = run;
  vm.runInContext("run()", context, { timeout: 10_000 });
}

/** A problem that a person can do something with: a message, and where in which of these files. */
function isSound(files: SiteFiles) {
  return ({ message, place, code }: Problem) => {
    if (message === "" || /undefined|\[object|NaN/.test(message)) return false;
    if (!place) return code !== "parse" && code !== "include";
    const lines = files.get(place.file)?.content.split("\n") ?? [];
    const width = lines[place.line - 1]?.length ?? -1;
    return place.line >= 1 && place.column >= 1 && place.column <= width + 2;
  };
}

/** All that there is to do with a folder: none of it throws, and what it says makes sense. */
function survives(files: SiteFiles, slurm: string, nodes: number): void {
  const knowledge = knowledgeOf(slurm);
  if (!knowledge) throw new Error(`nothing is known of ${slurm}`);
  const problems = lintSite(files, knowledge);
  expect(problems.filter((problem) => !isSound(files)(problem)).map(formatProblem)).toEqual([]);
  const { site } = readSite(files, slurm);
  if (!site) {
    expect(problems.length).toBeGreaterThan(0);
    return;
  }
  const exact = importSite(site);
  const small = shrinkSite(site, { nodes, hooks: "auto", problems, knowledge });
  for (const { spec, notes } of [exact, small]) {
    planCluster(spec, { defaultSlurm: slurm });
    expect(notes.map(formatNote).filter((note) => /undefined|\[object/.test(note))).toEqual([]);
  }
}

test("whatever happens to a site's files, they are read, linted, imported and shrunk without a throw", () => {
  fc.assert(
    fc.property(spoiltSite, fc.constantFrom(1, 2, 4, 8), ({ files, slurm }, nodes) =>
      inTime(() => survives(files, slurm, nodes)),
    ),
    { numRuns: 2500, interruptAfterTimeLimit: 60_000 },
  );
}, 120_000);

test("whatever bytes slurm.conf is made of, it is read, linted, imported and shrunk without a throw", () => {
  const bytes = fc.uint8Array({ maxLength: 300 });
  const words = fc.string({
    unit: fc.constantFrom(
      ...'=\\#"\0\n\r\t []{}(),-:+é',
      "NodeName",
      "Include ",
      "DEFAULT",
      "1",
      "a",
      "Nodes",
    ),
    maxLength: 120,
  });
  const texts = fc.oneof(
    bytes.map((all) => new TextDecoder("utf-8", { ignoreBOM: true }).decode(all)),
    words,
  );
  fc.assert(
    fc.property(texts, fc.constantFrom("A=1\n", "NodeName=n[1-3] CPUs=2\n", ""), (text, before) =>
      inTime(() => survives(filesOf({ "slurm.conf": before + text, "gres.conf": text }), "24.11", 2)),
    ),
    { numRuns: 2500 },
  );
}, 120_000);

test.each([
  ["a circle of includes", { "slurm.conf": "A=1\nInclude a\n", a: "Include b\n", b: "Include slurm.conf\n" }],
  ["a chain of includes", chain(40)],
  ["a missing include on every line", { "slurm.conf": `A=1\n${"Include x\n".repeat(20_000)}` }],
  [
    "a thousand partitions",
    { "slurm.conf": `NodeName=n[1-4]\n${lines(1000, (i) => `PartitionName=p${i} Nodes=ALL`)}` },
  ],
  ["a thousand types of node", { "slurm.conf": lines(1000, (i) => `NodeName=n${i} Weight=${i}`) }],
  ["five megabytes of one node's name", { "slurm.conf": `NodeName=n${"x".repeat(5_000_000)}\n` }],
  ["five megabytes of features", { "slurm.conf": `NodeName=n Feature=${"ab,".repeat(1_600_000)}\n` }],
])(
  "%s is survived",
  (_, texts) => {
    inTime(() => survives(filesOf(texts as Record<string, string>), "24.11", 4));
  },
  30_000,
);

function lines(count: number, line: (i: number) => string): string {
  return Array.from({ length: count }, (_, i) => `${line(i)}\n`).join("");
}

function chain(length: number): Record<string, string> {
  const files = Array.from({ length }, (_, i) => [`f${i}`, `Include f${i + 1}\n`] as const);
  return { "slurm.conf": "A=1\nInclude f0\n", ...Object.fromEntries(files) };
}
