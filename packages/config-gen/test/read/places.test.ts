import { expect, test } from "vitest";
import { parseConf } from "../../src/read/conf-file.ts";
import { conf, filesOf } from "./corpus.ts";

/** `key@line:column value@line:column` of everything in the file. */
function placesOf(text: string): string[] {
  return conf(text).lines.flatMap((line) =>
    [line, ...line.attributes].map(
      ({ key, value, place, valuePlace }) =>
        `${key}@${place.line}:${place.column} ${value}@${valuePlace.line}:${valuePlace.column}`,
    ),
  );
}

test.each([
  ["lines and columns count from one", "\nA=b\n", ["A@2:1 b@2:3"]],
  ["a value's place is behind white space", " \tA  = b\n", ["A@1:3 b@1:8"]],
  ["a value's place is behind its quote", 'A="b c"\n', ["A@1:1 b c@1:4"]],
  ["an empty value's place is between its quotes", 'A=""\n', ["A@1:1 @1:4"]],
  ["CR LF moves nothing", "A=1\r\nB=2\r\n", ["A@1:1 1@1:3", "B@2:1 2@2:3"]],
  ["a byte order mark in a comment moves nothing below", "#\uFEFF\nA=1\n", ["A@2:1 1@2:3"]],
  [
    "attributes on a joined line are where they stand in the file",
    "NodeName=a \\\n  CPUs=1 \\\nState=UP\n",
    ["NodeName@1:1 a@1:10", "CPUs@2:3 1@2:8", "State@3:1 UP@3:7"],
  ],
  [
    "a key is where it stands, a value that is split starts where it starts",
    "NodeName=a,\\\nb CPUs=1\n",
    ["NodeName@1:1 a,b@1:10", "CPUs@2:3 1@2:8"],
  ],
  [
    "an escaped character counts as the two that are in the file",
    "NodeName=a\\#b CPUs=\\#1 State=UP\n",
    ["NodeName@1:1 a#b@1:10", "CPUs@1:15 #1@1:21", "State@1:24 UP@1:30"],
  ],
  [
    "escapes before a joined line do not move it",
    "NodeName=\\#\\#\\# \\\n CPUs=1\n",
    ["NodeName@1:1 ###@1:11", "CPUs@2:2 1@2:7"],
  ],
  [
    "comments between joined lines do not count",
    "NodeName=a \\ # x\nCPUs=1\n",
    ["NodeName@1:1 a@1:10", "CPUs@2:1 1@2:6"],
  ],
])("%s", (_, text, places) => {
  expect(placesOf(text)).toEqual(places);
});

test("what is left over is where it stands, on the second line of a joined one too", () => {
  expect(conf("A=1 \\\n  oops \n").problems[0]?.place).toEqual({ file: "slurm.conf", line: 2, column: 3 });
});

test("a setting of an included file is in that file", () => {
  const files = filesOf({ "slurm.conf": "\nInclude a.conf\n", "a.conf": "#\nB=1\n" });
  expect(parseConf(files, "slurm.conf", "24.11").lines[0]?.place).toEqual({
    file: "a.conf",
    line: 2,
    column: 1,
  });
});

test("a file that is shown under another name has its places there", () => {
  const files = new Map([["slurm.conf", { name: "slurm.conf", content: "B=1\n", shown: "copy/slurm.conf" }]]);
  expect(parseConf(files, "slurm.conf", "24.11").lines[0]?.place.file).toBe("copy/slurm.conf");
});
