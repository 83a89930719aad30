import { expect, test } from "vitest";
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

test("a key outside a block is a mistake of the caller", () => {
  expect(() => new ConfigWriter().set("X", 1)).toThrow("block() comes first");
});
