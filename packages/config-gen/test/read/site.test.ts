import { describe, expect, test } from "vitest";
import { readSite } from "../../src/index.ts";
import { settingOf, textOf } from "../../src/read/site.ts";
import { conf, filesOf, siteOf } from "./corpus.ts";

describe("a record", () => {
  test.each(["NodeName", "PartitionName", "DownNodes", "NodeSet", "FrontendName", "nodename"])(
    "of slurm.conf starts with %s, and has the rest of the line",
    (key) => {
      expect(conf(`${key}=a B=1 C="d e"\n`)).toMatchObject({
        lines: [{ record: true, attributes: [{ key: "B" }, { key: "C", value: "d e" }] }],
        problems: [],
      });
    },
  );

  test("that stops to be settings has those before, and the rest is a problem", () => {
    expect(conf("NodeName=a B=1 oops C=2\n")).toMatchObject({
      lines: [{ attributes: [{ key: "B" }] }],
      problems: [{ code: "parse", message: '"oops C=2" is left over after the setting' }],
    });
  });

  test("of another file is none in slurm.conf", () => {
    expect(conf("SwitchName=a Nodes=b\n").problems).toMatchObject([{ code: "parse" }]);
  });

  test.each([
    ["gres.conf", "Name=gpu File=/dev/x"],
    ["gres.conf", "NodeName=a Name=gpu"],
    ["topology.conf", "SwitchName=a Nodes=b"],
    ["topology.conf", "BlockName=a Nodes=b"],
  ])("of %s is %s", (file, line) => {
    const site = siteOf({ "slurm.conf": "A=1\n", [file]: `${line}\n` });
    expect(site.confs.get(file)).toMatchObject({ lines: [{ record: true }], problems: [] });
  });
});

describe("nodes", () => {
  test("have their hostlists expanded", () => {
    expect(siteOf("NodeName=a[1-2],b\n").nodes[0]?.names).toEqual(["a1", "a2", "b"]);
  });

  test("whose hostlist is none are a problem at the list, and the rest is read", () => {
    const site = siteOf("NodeName=a[1- CPUs=1\nNodeName=b\n");
    expect(site.nodes.map(({ names }) => names)).toEqual([[], ["b"]]);
    expect(site.problems).toMatchObject([{ code: "hostlist", place: { line: 1, column: 10 } }]);
  });

  test("that are more than Slurm has room for are counted up to there, and no further", () => {
    const site = siteOf("NodeName=a[1-40000]\nNodeName=b[1-40000]\nNodeName=c\n".repeat(1000));
    expect(site.nodes.flatMap(({ names }) => names)).toHaveLength(40_000);
    expect(site.problems).toMatchObject([{ place: { line: 2 } }]);
  });
});

describe("a value", () => {
  const site = siteOf("SlurmUser=a\nNodeName=x SlurmUser=c\nslurmuser=b\n");

  test("is the one that was written last, whatever the case of its key", () => {
    expect(textOf(site, "SLURMUSER")).toBe("b");
  });

  test("has its place", () => {
    expect(settingOf(site, "SlurmUser")?.place.line).toBe(3);
  });

  test("that nothing says is undefined", () => {
    expect(textOf(site, "ClusterName")).toBeUndefined();
  });

  test("of a record is none of the file", () => {
    expect(textOf(siteOf("NodeName=x SlurmUser=c\n"), "SlurmUser")).toBeUndefined();
  });
});

describe("a folder", () => {
  const messageOf = (texts: Record<string, string>) => {
    const { site, problems } = readSite(filesOf(texts), "24.11");
    return [site, problems[0]?.message];
  };

  test("without slurm.conf is no site, and what is there is named", () => {
    expect(messageOf({ "a.conf": "", b: "" })).toEqual([
      undefined,
      "there is no slurm.conf in the folder, only a.conf, b",
    ]);
  });

  test("with nothing in it is no site", () => {
    expect(messageOf({})).toEqual([undefined, "there is no slurm.conf in the folder, which is empty"]);
  });

  test("with something else by that name is no site", () => {
    expect(messageOf({ "slurm.conf": "<!doctype html>\n" })).toEqual([
      undefined,
      "not one line of it is Key=Value, so this is no slurm.conf",
    ]);
  });

  test("with an archive by that name is no site, though a line of it is Key=Value", () => {
    const { site, problems } = readSite(filesOf({ "slurm.conf": "a.conf\0\0\nA=1\nB=2\0\n" }), "24.11");
    expect(site).toBeUndefined();
    expect(problems).toMatchObject([
      {
        code: "no-slurm-conf",
        message: "it has NUL bytes in it, so this is no slurm.conf",
        place: { file: "slurm.conf", line: 1, column: 7 },
      },
    ]);
  });

  test("gives the problems of all its files", () => {
    const site = siteOf({ "slurm.conf": "A=1\nx\n", "gres.conf": "y\n", "cgroup.conf": "z\n" });
    expect(site.problems.map(({ place }) => place?.file)).toEqual(["slurm.conf", "gres.conf", "cgroup.conf"]);
  });
});
