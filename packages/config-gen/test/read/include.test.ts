import { describe, expect, test } from "vitest";
import { parseConf } from "../../src/read/conf-file.ts";
import { filesOf } from "./corpus.ts";

function read(texts: Record<string, string>, slurm = "24.11") {
  const { lines, problems } = parseConf(filesOf(texts), "slurm.conf", slurm);
  return {
    keys: lines.map(({ key }) => key),
    problems: problems.map(({ message }) => message),
    all: problems,
  };
}

describe("an Include", () => {
  test("is read where it stands", () => {
    const files = { "slurm.conf": "A=1\nInclude b.conf\nC=1\n", "b.conf": "B=1\n" };
    expect(read(files).keys).toEqual(["A", "B", "C"]);
  });

  test("is written in any case, with any white space behind it", () => {
    const files = { "slurm.conf": "iNCLUDE \t b.conf  \n", "b.conf": "B=1\n" };
    expect(read(files)).toMatchObject({ keys: ["B"], problems: [] });
  });

  test("may have a comment behind it", () => {
    const files = { "slurm.conf": "Include b.conf # the rest\n", "b.conf": "B=1\n" };
    expect(read(files)).toMatchObject({ keys: ["B"], problems: [] });
  });

  test("that is longer a word is a key like any other", () => {
    expect(read({ "slurm.conf": "IncludeX=1\n" }).keys).toEqual(["IncludeX"]);
  });

  test("that names two files reads the first and stumbles over the second", () => {
    const files = { "slurm.conf": "Include b.conf c.conf\n", "b.conf": "B=1\n", "c.conf": "C=1\n" };
    expect(read(files)).toMatchObject({
      keys: ["B"],
      all: [{ code: "parse", place: { line: 1, column: 16 } }],
    });
  });

  test("of an empty file is no problem", () => {
    expect(read({ "slurm.conf": "Include b.conf\nA=1\n", "b.conf": "" })).toMatchObject({
      keys: ["A"],
      problems: [],
    });
  });

  test("of a file that is not there says so, at the file's name", () => {
    const found = read({ "slurm.conf": "A=1\nInclude  lost.conf\n" });
    expect(found.all).toMatchObject([
      { code: "include", severity: "error", place: { file: "slurm.conf", line: 2, column: 10 } },
    ]);
    expect(found.problems).toEqual(["the included file lost.conf is not in this folder"]);
  });

  test("whose name is also in the word Include is pointed at where it stands", () => {
    expect(read({ "slurm.conf": "Include lud\n" }).all[0]?.place?.column).toBe(9);
  });
});

describe("a relative path in a file of a folder below", () => {
  const files = {
    "slurm.conf": "Include nodes/all.conf\n",
    "nodes/all.conf": "Include fat.conf\n",
    "nodes/fat.conf": "Below=1\n",
    "fat.conf": "Top=1\n",
  };

  test.each([
    ["24.11", "Top"],
    ["22.05", "Below"],
  ])("means for %s the one of %s", (slurm, key) => {
    expect(read(files, slurm).keys).toEqual([key]);
  });

  test.each([
    ["24.11", "fat.conf"],
    ["22.05", "nodes/fat.conf"],
  ])("is for %s not looked for anywhere but at %s", (slurm, there) => {
    const rest = Object.fromEntries(Object.entries(files).filter(([name]) => name !== there));
    expect(read(rest, slurm)).toMatchObject({ keys: [], all: [{ code: "include" }] });
  });

  test("may go up and down", () => {
    const up = { ...files, "nodes/all.conf": "Include ./../nodes//fat.conf\n" };
    expect(read(up, "22.05").keys).toEqual(["Below"]);
  });
});

describe("a path on the site's machines", () => {
  const files = { "a/x.conf": "A=1\n", "b/a/x.conf": "BA=1\n", "x.conf": "X=1\n" };

  test.each([
    ["/etc/slurm/b/a/x.conf", ["BA"]],
    ["/etc/slurm/c/a/x.conf", ["A"]],
    ["/x.conf", ["X"]],
    ["/srv/y.conf", []],
    ["../shared/a/x.conf", ["A"]],
  ])("%s means the file of the folder with the longest same ending", (path, keys) => {
    expect(read({ ...files, "slurm.conf": `Include ${path}\nZ=1\n` }).keys).toEqual([...keys, "Z"]);
  });
});

describe("%c in a path", () => {
  const files = { "west.conf": "W=1\n" };

  test("is the cluster's name in lower case", () => {
    expect(read({ ...files, "slurm.conf": "ClusterName=WEST\nInclude %c.conf\n" }).keys).toEqual([
      "ClusterName",
      "W",
    ]);
  });

  test("has no meaning above ClusterName", () => {
    const found = read({ ...files, "slurm.conf": "Include %c.conf\nClusterName=west\n" });
    expect(found.all[0]?.says).toBe("Did not get ClusterName for include path");
  });
});

test.each([
  ["22.05", /does not support glob parsing/],
  ["20.11", /"Include" failed in file slurm.conf line 1/],
])("a pattern is not expanded, in the words of Slurm %s", (slurm, says) => {
  const found = read({ "slurm.conf": "Include conf.d/*.conf\n", "conf.d/a.conf": "A=1\n" }, slurm);
  expect(found).toMatchObject({ keys: [], all: [{ says: expect.stringMatching(says) }] });
});

describe("a circle", () => {
  test("of a file and itself is told, and the rest is read", () => {
    const found = read({ "slurm.conf": "Include slurm.conf\nA=1\n" });
    expect(found).toMatchObject({ keys: ["A"], problems: [expect.stringContaining("includes itself")] });
  });

  test("over two files is told with the way around", () => {
    const found = read({ "slurm.conf": "Include a\n", a: "Include b\n", b: "Include a\nB=1\n" });
    expect(found.problems).toEqual(["a includes itself: slurm.conf > a > b > a"]);
  });

  test("is none when one file is included twice", () => {
    expect(read({ "slurm.conf": "Include a\nInclude a\n", a: "A=1\n" }).keys).toEqual(["A", "A"]);
  });

  test("that is none, but too much to read, comes to an end", () => {
    const twice = (name: string) => `Include ${name}\n`.repeat(9);
    const files = Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`f${i}`, twice(`f${i + 1}`)]));
    const found = read({ ...files, "slurm.conf": twice("f0"), f12: "A=1\n" });
    expect(found.problems).toEqual(["more than 1000 files are included"]);
  });
});
