import { describe, expect, test } from "vitest";
import { configValue, plainValue, recordLine } from "../src/render/text.ts";
import { ConfigWriter } from "../src/render/writer.ts";

const file = () =>
  new ConfigWriter().block("Title").set("KillWait", 30, "Long enough.").set("MpiDefault", "none");

test("a block is a title, then a key and a value a line, reasons above them", () => {
  expect(file().render()).toBe("# Title\n# Long enough.\nKillWait=30\nMpiDefault=none\n");
});

test("blocks are set apart by an empty line", () => {
  expect(new ConfigWriter().block("A").set("X", 1).block("B").set("Y", 2).render()).toBe(
    "# A\nX=1\n\n# B\nY=2\n",
  );
});

test("truth is written yes and no", () => {
  expect(new ConfigWriter().block("A").set("X", true).set("Y", false).render()).toBe("# A\nX=yes\nY=no\n");
});

test("an override replaces the line where it stands, and its reason, which no longer holds", () => {
  expect(file().render({ KillWait: 5 })).toBe("# Title\nKillWait=5\nMpiDefault=none\n");
});

test.each(["killwait", "KILLWAIT", "killWait"])("an override spelt %s replaces KillWait", (key) => {
  expect(file().render({ [key]: 5 })).toBe("# Title\nKillWait=5\nMpiDefault=none\n");
});

test("an override of a key that is not generated is appended as written", () => {
  expect(file().render({ MaxJobCount: 9, InactiveLimit: "0" })).toBe(
    `${file().render()}\n# From the specification's overrides\nMaxJobCount=9\nInactiveLimit=0\n`,
  );
});

test("an override that was used is not appended as well", () => {
  expect(
    file()
      .render({ killwait: 5 })
      .match(/killwait/gi),
  ).toHaveLength(1);
});

test("an override of null leaves the key out, and its reason", () => {
  expect(file().render({ killwait: null })).toBe("# Title\nMpiDefault=none\n");
});

test("an override of null for a key that is not generated leaves nothing", () => {
  expect(file().render({ MaxJobCount: null })).toBe(file().render());
});

test("a line that is none of a key and a value follows its block as it is", () => {
  expect(file().raw("NodeName=c1 CPUs=4").render({ NodeName: "c2" })).toBe(
    `${file().render()}NodeName=c1 CPUs=4\n\n# From the specification's overrides\nNodeName=c2\n`,
  );
});

test("a block without a line in it is left out, but for the file's own title", () => {
  expect(new ConfigWriter().block("File").block("Empty").render()).toBe("# File\n");
  expect(file().block("Gone").set("X", 1).render({ X: null })).toBe(file().render());
});

test("an override that is a list repeats the key where it stands", () => {
  expect(file().render({ KillWait: ["1", "2"] })).toBe("# Title\nKillWait=1\nKillWait=2\nMpiDefault=none\n");
});

test("an override of a key that is generated several times replaces all of them", () => {
  const hosts = new ConfigWriter().block("A").set("SlurmctldHost", "a").set("SlurmctldHost", "b");
  expect(hosts.render()).toBe("# A\nSlurmctldHost=a\nSlurmctldHost=b\n");
  expect(hosts.render({ slurmctldhost: ["c", "d"] })).toBe("# A\nSlurmctldHost=c\nSlurmctldHost=d\n");
  expect(hosts.render({ slurmctldhost: null })).toBe("# A\n");
});

describe("a value", () => {
  test.each([
    ["a", "a"],
    [5, "5"],
    [true, "yes"],
    ["", '""'],
    ["a b", '"a b"'],
    ["a\tb", '"a\tb"'],
    ['"a b"', '"a b"'],
    ["a#b", "a\\#b"],
    ["a\\#b", "a\\#b"],
    ["a\\\\#b", "a\\\\\\#b"],
    ['"a #b"', '"a \\#b"'],
    ["a\\", "a\\\\"],
    ["a\\\\", "a\\\\"],
    ["C:\\dir", "C:\\dir"],
  ])("of %j stands in the file as %j", (value, text) => {
    expect(configValue(value)).toBe(text);
  });

  test.each([
    ['"a b"', "a b"],
    ["a\\#b", "a#b"],
    ["a", "a"],
  ])("that stands in a file as %j is %j", (text, value) => {
    expect(plainValue(text)).toBe(value);
  });

  test("with more keys behind it is left as it is in an override", () => {
    expect(new ConfigWriter().block("A").render({ FrontendName: 'f1 Reason="a b"' })).toContain(
      '\nFrontendName=f1 Reason="a b"\n',
    );
  });
});

test("in a line of several keys, more keys replace or follow, whatever their case", () => {
  const pairs = [
    ["NodeName", "c1"],
    ["CPUs", 4],
    ["Gres", undefined],
    ["State", "UNKNOWN"],
  ] as const;
  expect(recordLine(pairs)).toBe("NodeName=c1 CPUs=4 State=UNKNOWN");
  expect(recordLine(pairs, { cpus: 5, GRES: "gpu:1", state: null, Reason: "bad fan" })).toBe(
    'NodeName=c1 cpus=5 GRES=gpu:1 Reason="bad fan"',
  );
});

test("a key outside a block is a mistake of the caller", () => {
  expect(() => new ConfigWriter().set("X", 1)).toThrow("block() comes first");
});
