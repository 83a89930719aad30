import vm from "node:vm";
import { describe, expect, test } from "vitest";
import { importSite, readSite } from "../../src/index.ts";
import { gresLines, parseNodeGres } from "../../src/read/gres.ts";
import { filesOf } from "./corpus.ts";

/** Ten times what it takes on a slow machine: a quadratic walk over five million characters takes hours. */
function inTenSeconds(run: () => void): void {
  vm.runInNewContext("run()", { run }, { timeout: 10_000 });
}

const MANY = 5_000_000;

describe("five megabytes on one line are read in time", () => {
  test.each([
    ["blanks, and then something", `${" ".repeat(MANY)}x`],
    ["blanks between, and then something", `A${" ".repeat(MANY)}b`],
    ["blanks behind an equals sign", `A=${" ".repeat(MANY)}`],
    ["carriage returns", `A=1 x${"\r".repeat(MANY)}y`],
    ["a key without end", "A".repeat(MANY)],
    ["a value without end", `A=${"b".repeat(MANY)}`],
    ["a quote without end", `A="${" b".repeat(MANY / 2)}`],
    ["quotes", `A=${'"'.repeat(MANY)}`],
    ["backslashes", "\\".repeat(MANY)],
    ["settings", `NodeName=a ${"B=c ".repeat(MANY / 20)}`],
    ["settings with escapes", `NodeName=a ${"B\\=c ".repeat(MANY / 20)}`],
    ["hash signs that are escaped", `A=${"\\#".repeat(MANY / 2)}`],
    ["an Include without end", `Include ${"a/".repeat(MANY / 2)}`],
    ["an Include of blanks", `Include${" ".repeat(MANY)}`],
    ["commas", `NodeName=${",".repeat(MANY)}`],
    ["parentheses", `NodeName=a Gres=${"(".repeat(MANY)}`],
  ])(
    "%s",
    (_, line) => {
      const files = filesOf({ "slurm.conf": `ClusterName=c\n${line}\nSlurmUser=s\n` });
      inTenSeconds(() => {
        const { site } = readSite(files, "24.11");
        expect(site && importSite(site).spec.name).toBe("c");
      });
    },
    30_000,
  );

  test("what is left over of a line is told in short", () => {
    const { problems } = readSite(filesOf({ "slurm.conf": `A=1 ${"x".repeat(MANY)}\n` }), "24.11");
    expect(problems[0]?.message.length).toBeLessThan(120);
  });
});

test("a hundred thousand joined lines are one, with every place right", () => {
  const text = `NodeName=a \\\n${"B=c \\\n".repeat(100_000)}Last=1\n`;
  inTenSeconds(() => {
    const { site } = readSite(filesOf({ "slurm.conf": text }), "24.11");
    expect(site?.nodes[0]?.settings.get("last")?.place).toMatchObject({ line: 100_002, column: 1 });
  });
});

test("a hundred thousand problems are told a thousand times", () => {
  const { site } = readSite(filesOf({ "slurm.conf": `A=1\n${"oops\n".repeat(100_000)}` }), "24.11");
  expect(site?.problems).toHaveLength(1000);
});

test("a Gres with millions of parentheses is taken apart in time", () => {
  inTenSeconds(() => expect(parseNodeGres("(".repeat(MANY))).toHaveLength(1));
});

test("a gres.conf with a file without end is read in time", () => {
  const gres = `Name=gpu File=${"[".repeat(MANY)}\n`;
  inTenSeconds(() => {
    const { site } = readSite(filesOf({ "slurm.conf": "A=1\n", "gres.conf": gres }), "24.11");
    expect(site && gresLines(site)[0]?.count).toBe(1);
  });
});
