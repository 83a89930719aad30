import pc from "picocolors";
import { describe, expect, test } from "vitest";
import { visible } from "../src/cli/output/visible.ts";

describe("what others have written, on a terminal", () => {
  test.each([
    ["clears the screen", "\u001b[2J\u001b[H", "\\u001b[2J\\u001b[H"],
    ["writes over its line", "FAILED\rPASSED", "FAILED\\u000dPASSED"],
    ["goes up and writes another verdict", "\u001b[3A\u001b[2KPASSED", "\\u001b[3A\\u001b[2KPASSED"],
    ["sets the clipboard", "\u001b]52;c;cm0K\u0007", "\\u001b]52;c;cm0K\\u0007"],
    ["begins a sequence with one sign of C1", "\u009b2J", "\\u009b2J"],
    ["hides itself", "\u001b[8mhidden", "\\u001b[8mhidden"],
    ["is read from right to left", "\u202egpj.sh", "\\u202egpj.sh"],
  ])("that %s is shown instead", (_, written, shown) => expect(visible(written)).toBe(shown));

  test("keeps lines, tabs and letters of every language", () => {
    const text = "é\t漢字 ✓\n🙂";
    expect(visible(text)).toBe(text);
  });

  test("keeps the colours that slurmlab gives", () => {
    const { red, green, yellow, dim, bold } = pc.createColors(true);
    const text = [red, green, yellow, dim, bold].map((paint) => paint("x")).join("");
    expect(visible(text)).toBe(text);
  });

  test("is the same for a reader of JSON", () => {
    const data = { seen: "\u009b2J\u007f\u202e" };
    expect(visible(JSON.stringify(data))).not.toContain("\u009b");
    expect(JSON.parse(visible(JSON.stringify(data)))).toEqual(data);
  });
});
