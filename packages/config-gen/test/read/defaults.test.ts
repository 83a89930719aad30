import { describe, expect, test } from "vitest";
import { NOT_LENT } from "../../src/read/site.ts";
import { siteOf } from "./corpus.ts";

/** What holds for each record, as `name key=value ...`, keys sorted. */
function records(
  text: string,
  of: "nodes" | "partitions" | "frontends" | "downNodes" | "nodeSets" = "nodes",
) {
  return siteOf(text)[of].map(({ name, settings }) =>
    [name, ...[...settings].map(([key, { value }]) => `${key}=${value}`).sort()].join(" "),
  );
}

describe("a DEFAULT line", () => {
  test("lends to the lines below it, and not to those above", () => {
    expect(records("NodeName=a\nNodeName=DEFAULT CPUs=2\nNodeName=b\n")).toEqual(["a", "b cpus=2"]);
  });

  test("is hidden by what a line says itself, whatever the case of the key", () => {
    expect(records("NodeName=DEFAULT CPUs=2 State=UP\nNodeName=a cpus=4\n")).toEqual(["a cpus=4 state=UP"]);
  });

  test("adds to those before it, and says anew what it names", () => {
    const text = "NodeName=default CPUs=2 Weight=1\nNodeName=DEFAULT Weight=5 TmpDisk=1\nNodeName=a\n";
    expect(records(text)).toEqual(["a cpus=2 tmpdisk=1 weight=5"]);
  });

  test("of partitions lends nothing to nodes", () => {
    expect(records("PartitionName=DEFAULT State=DOWN\nNodeName=a\n")).toEqual(["a"]);
  });

  test("of front ends lends to front ends", () => {
    const text = "FrontendName=DEFAULT Port=1\nFrontendName=a\n";
    expect(records(text, "frontends")).toEqual(["a port=1"]);
  });

  test.each(["downNodes", "nodeSets"] as const)("is a name like any other among %s", (of) => {
    const key = of === "downNodes" ? "DownNodes" : "NodeSet";
    expect(records(`A=1\n${key}=DEFAULT State=DOWN\n${key}=a\n`, of)).toEqual(["DEFAULT state=DOWN", "a"]);
  });

  test("may stand in a file that is included", () => {
    const site = siteOf({ "slurm.conf": "Include d\nNodeName=a\n", d: "NodeName=DEFAULT CPUs=2\n" });
    expect(site.nodes[0]?.settings.get("cpus")?.value).toBe("2");
  });

  test.each([...NOT_LENT])("does not lend %s to partitions", (key) => {
    const text = `PartitionName=DEFAULT ${key}=YES MaxTime=5\nPartitionName=a\n`;
    expect(records(text, "partitions")).toEqual(["a maxtime=5"]);
  });

  test.each(["Default", "Hidden", "RootOnly", "LLN", "ReqResv"])("lends %s to partitions", (key) => {
    const text = `PartitionName=DEFAULT ${key}=YES\nPartitionName=a\n`;
    expect(records(text, "partitions")).toEqual([`a ${key.toLowerCase()}=YES`]);
  });
});

describe("two names of one thing", () => {
  test.each([
    ["Feature on the line hides Features of DEFAULT", "Features=x", "Feature=y", "feature=y"],
    ["Features on the line hides Feature of DEFAULT", "Feature=x", "Features=y", "features=y"],
    ["Feature holds where both are on the line", "CPUs=1", "Features=y Feature=z", "cpus=1 feature=z"],
    ["CPUs of DEFAULT holds against Procs on the line", "CPUs=2", "Procs=4", "cpus=2"],
    ["CPUs holds where both are on the line", "Weight=1", "Procs=4 CPUs=2", "cpus=2 weight=1"],
    ["Procs holds where nothing says CPUs", "Procs=2", "Weight=1", "procs=2 weight=1"],
  ])("of nodes: %s", (_, lent, own, held) => {
    expect(records(`NodeName=DEFAULT ${lent}\nNodeName=a ${own}\n`)).toEqual([`a ${held}`]);
  });

  test.each([
    [
      "OverSubscribe of DEFAULT holds against Shared on the line",
      "OverSubscribe=NO",
      "Shared=YES",
      "oversubscribe=NO",
    ],
    [
      "OverSubscribe on the line holds against Shared of DEFAULT",
      "Shared=NO",
      "OverSubscribe=YES",
      "oversubscribe=YES",
    ],
    ["Shared on the line holds against Shared of DEFAULT", "Shared=NO", "Shared=YES", "shared=YES"],
  ])("of partitions: %s", (_, lent, own, held) => {
    const text = `PartitionName=DEFAULT ${lent}\nPartitionName=a ${own}\n`;
    expect(records(text, "partitions")).toEqual([`a ${held}`]);
  });

  test("Feature of DEFAULT holds against Features of another DEFAULT", () => {
    const text = "NodeName=DEFAULT Feature=x\nNodeName=DEFAULT Features=y\nNodeName=a\n";
    expect(records(text)).toEqual(["a feature=x"]);
  });
});
