import { describe, expect, test } from "vitest";
import { keyValues } from "../../src/read/key-values.ts";
import { logicalLines } from "../../src/read/logical-lines.ts";
import { conf } from "./corpus.ts";

/** Each line that is not empty: its text with the number of its first physical line. */
function linesOf(text: string): Array<[number, string]> {
  return [...logicalLines(text)].map((line) => [line.line, line.text]);
}

/** Key, operator and value of each setting, without what is left over. */
function pairsOf(text: string): string[][] {
  return keyValues(text, 0).pairs.map(({ key, operator, value }) => [key, operator, value]);
}

describe("lines", () => {
  test.each([
    [
      "a line without a line end at the end of the file counts",
      "A=1\nB=2",
      [
        [1, "A=1"],
        [2, "B=2"],
      ],
    ],
    ["empty and blank lines are none, but are counted", "\n \t\nA=1\n", [[3, "A=1"]]],
    ["a comment ends where the line ends", "# x\nA=1 # y\n", [[2, "A=1 "]]],
    ["quotes do not protect a hash sign", 'A="b # c"\n', [[1, 'A="b ']]],
    ["a backslash protects a hash sign, and goes", "A=b\\#c # d\n", [[1, "A=b#c "]]],
    ["two backslashes are one, and protect nothing", "A=b\\\\#c\n", [[1, "A=b\\"]]],
    ["three backslashes before a hash sign are one, and the sign", "A=b\\\\\\#c\n", [[1, "A=b\\#c"]]],
    ["a backslash before any other character goes", "A=\\b\\ c\n", [[1, "A=b c"]]],
    [
      "a backslash at the end joins the next line",
      "A=1 \\\n B=2\nC=3",
      [
        [1, "A=1  B=2"],
        [3, "C=3"],
      ],
    ],
    ["white space after that backslash does not count", "A=1 \\ \t\r\nB=2\n", [[1, "A=1 B=2"]]],
    [
      "two backslashes at the end join nothing",
      "A=1\\\\\nB=2\n",
      [
        [1, "A=1\\"],
        [2, "B=2"],
      ],
    ],
    ["three backslashes at the end are one, and join", "A=1\\\\\\\nB=2\n", [[1, "A=1\\B=2"]]],
    ["a backslash before a comment joins the next line", "A=1 \\ # x\nB=2\n", [[1, "A=1 B=2"]]],
    [
      "a backslash in a comment joins nothing",
      "A=1 # x \\\nB=2\n",
      [
        [1, "A=1 "],
        [2, "B=2"],
      ],
    ],
    [
      "a joined line can be a comment, which ends the joining",
      "A=1 \\\n# x\nB=2\n",
      [
        [1, "A=1 "],
        [3, "B=2"],
      ],
    ],
    [
      "a joined line can be empty, which ends the joining",
      "A=1 \\\n\nB=2\n",
      [
        [1, "A=1 "],
        [3, "B=2"],
      ],
    ],
    ["a backslash as the last byte of the file goes", "A=1\\", [[1, "A=1"]]],
    ["a backslash on a line of its own joins", "\\\n\\\nA=1\n", [[1, "A=1"]]],
    [
      "a NUL byte ends its line and no other",
      "A=1\0B=2\nC=3\n",
      [
        [1, "A=1"],
        [2, "C=3"],
      ],
    ],
    ["a backslash before a NUL byte joins the next line", "A=1\\\0x\nB=2\n", [[1, "A=1B=2"]]],
    ["an empty file has none", "", []],
  ] as const)("%s", (_, text, lines) => {
    expect(linesOf(text)).toEqual(lines);
  });

  test("what ends CR LF has the CR as white space, which no value keeps", () => {
    expect(conf("A=1\r\nB=2 \\\r\n\r\n").lines.map(({ key, value }) => [key, value])).toEqual([
      ["A", "1"],
      ["B", "2"],
    ]);
  });
});

describe("settings", () => {
  test.each([
    [
      "white space around the equals sign does not count",
      " A \t=  1 B= 2",
      [
        ["A", "", "1"],
        ["B", "", "2"],
      ],
    ],
    [
      "a value in quotes keeps its white space",
      'A="b  c" D=e',
      [
        ["A", "", "b  c"],
        ["D", "", "e"],
      ],
    ],
    [
      "an empty value in quotes is one",
      'A="" B=1',
      [
        ["A", "", ""],
        ["B", "", "1"],
      ],
    ],
    ["an empty value without quotes is the next word", "Nodes= Default=YES", [["Nodes", "", "Default=YES"]]],
    ["a value can have equals signs", "A=b=c", [["A", "", "b=c"]]],
    ["a quote inside a value is part of it", 'A=b"c d"', [["A", "", 'b"c']]],
    ["a quote that is never closed is part of the value", 'A="b c', [["A", "", '"b']]],
    ["what follows a closing quote makes both quotes part of the value", 'A="b"c', [["A", "", '"b"c']]],
    [
      "an operator before the equals sign is known apart",
      "A+=1 B-=2 C*=3 D/=4",
      [
        ["A", "+", "1"],
        ["B", "-", "2"],
        ["C", "*", "3"],
        ["D", "/", "4"],
      ],
    ],
    ["white space before the operator does not count", "A +=1", [["A", "+", "1"]]],
    ["two equals signs are one and a value", "A==b", [["A", "", "=b"]]],
    ["keys have letters, digits, dots and underscores", "a.B_9=1", [["a.B_9", "", "1"]]],
    ["a key with another character is none", "a-b=1", []],
    ["a no-break space is part of a value, as Slurm reads bytes", "A=b\u00A0c", [["A", "", "b\u00A0c"]]],
    [
      "a vertical tab and a form feed are white space",
      "A=1\vB=2\fC=3",
      [
        ["A", "", "1"],
        ["B", "", "2"],
        ["C", "", "3"],
      ],
    ],
    ["a value that is missing at the end makes no setting", "A=1 B=", [["A", "", "1"]]],
  ] as const)("%s", (_, text, pairs) => {
    expect(pairsOf(text)).toEqual(pairs);
  });
});

describe("what no setting can be made of", () => {
  const messageOf = (text: string) => conf(text).problems.map(({ message }) => message);

  test("a byte order mark before the first key is told by its name", () => {
    expect(messageOf("\uFEFFClusterName=c\n")).toEqual([
      "the file starts with a UTF-8 byte order mark, which Slurm takes for text",
    ]);
  });

  test("a byte order mark before a comment does not matter to a reader, but does to Slurm", () => {
    expect(conf("\uFEFF# c\nA=1\n")).toMatchObject({ lines: [{ key: "A" }], problems: [{ code: "parse" }] });
  });

  test.each([
    ["a key without a value", "SlurmUser=\n", "SlurmUser has no value"],
    ["two settings on a line of plain ones", "A=1 B=2\n", '"B=2" is left over after the setting'],
    ["a quote that is not closed", 'A="b c\n', '"c" is left over after the setting'],
    ["something else altogether", "<html>\n", 'expected Key=Value, seen "<html>"'],
    [
      "an Include that does not start its line",
      " Include x.conf\n",
      "Include has to be at the very start of the line",
    ],
  ])("%s is a problem", (_, text, message) => {
    expect(messageOf(text)).toEqual([message]);
  });

  test("the daemon's own words are with the problem, with the line that it would name", () => {
    expect(conf("\nA=1 \\\n B \n").problems[0]?.says).toBe('Parse error in file slurm.conf line 2: "  B "');
  });

  test("what stands before it on the line is read all the same", () => {
    expect(conf("A=1 B=2\n").lines).toMatchObject([{ key: "A", value: "1" }]);
  });
});
