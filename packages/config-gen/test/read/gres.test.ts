import { describe, expect, test } from "vitest";
import { gresCount, gresLines, parseNodeGres } from "../../src/read/gres.ts";
import { siteOf } from "./corpus.ts";

test.each([
  ["4", 4],
  ["0", 0],
  ["2K", 2048],
  ["2k", 2048],
  ["2KiB", 2048],
  ["2KB", 2000],
  ["1M", 1_048_576],
  ["1mb", 1_000_000],
  ["3G", 3 * 1024 ** 3],
  ["1T", 1024 ** 4],
  ["1P", 1024 ** 5],
  ["", Number.NaN],
  ["K", Number.NaN],
  ["2B", Number.NaN],
  ["-1", Number.NaN],
  ["4x", Number.NaN],
])("the count %s is %d", (text, count) => {
  expect(gresCount(text)).toBe(count);
});

describe("Gres= of a node", () => {
  test.each([
    ["gpu", [["gpu", undefined, 1]]],
    ["gpu:4", [["gpu", undefined, 4]]],
    ["gpu:a100", [["gpu", "a100", 1]]],
    ["gpu:a100:4", [["gpu", "a100", 4]]],
    ["gpu:1g.5gb:7", [["gpu", "1g.5gb", 7]]],
    ["gpu:a100:4(S:0-1)", [["gpu", "a100", 4]]],
    [
      "gpu:a:1(S:0,2),gpu:b:2",
      [
        ["gpu", "a", 1],
        ["gpu", "b", 2],
      ],
    ],
    ["bandwidth:lustre:no_consume:4G", [["bandwidth", "lustre", 4 * 1024 ** 3]]],
    [
      "gpu:2,,mps:200",
      [
        ["gpu", undefined, 2],
        ["mps", undefined, 200],
      ],
    ],
    ["", []],
    ["gpu:a100:(", [["gpu", "a100:(", 1]]],
  ] as const)("%s", (value, elements) => {
    expect(parseNodeGres(value).map(({ name, type, count }) => [name, type, count])).toEqual(elements);
  });

  test("keeps what stands after a name as it stands", () => {
    expect(parseNodeGres("bandwidth:lustre:no_consume:4G,x").map(({ text }) => text)).toEqual([
      "lustre:no_consume:4G",
      "1",
    ]);
  });
});

describe("a line of gres.conf", () => {
  const line = (text: string) => gresLines(siteOf({ "slurm.conf": "A=1\n", "gres.conf": `${text}\n` }))[0];

  test.each([
    ["one file is one", "Name=gpu File=/dev/nvidia0", 1],
    ["a list of files is as many", "Name=gpu File=/dev/nvidia[0-3]", 4],
    ["Files is another name of File", "Name=gpu Files=/dev/nvidia[0-1]", 2],
    ["Count holds", "Name=gpu Count=8 File=/dev/nvidia[0-3]", 8],
    ["Count can have a suffix", "Name=bandwidth Count=4K", 4096],
    ["several files can be one device", "Name=gpu MultipleFiles=/dev/nvidia[0-3]", 1],
    ["nothing said is one", "Name=craynetwork", 1],
    ["a count that is none is told apart", "Name=gpu Count=many", Number.NaN],
    ["a list of files that is none counts as one", "Name=gpu File=/dev/nvidia[0-", 1],
  ])("%s", (_, text, count) => {
    expect(line(text)?.count).toBe(count);
  });

  test("with NodeName first is for those nodes", () => {
    expect(line("NodeName=a[1-2] Name=gpu Type=t4")).toMatchObject({
      name: "gpu",
      type: "t4",
      nodes: new Set(["a1", "a2"]),
    });
  });

  test("without NodeName is for all nodes", () => {
    expect(line("Name=gpu Type=t4")?.nodes).toBeUndefined();
  });

  test("with a plain key is none", () => {
    expect(line("AutoDetect=nvml")).toBeUndefined();
  });
});
