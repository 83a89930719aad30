import { describe, expect, test } from "vitest";
import { shown } from "../src/cli/output/shown.ts";

const GITHUB = { GITHUB_ACTIONS: "true" };

describe("what others have written, in a job on GitHub", () => {
  test.each([
    ["stops all further commands", "::stop-commands::x", "\\u003a:stop-commands::x"],
    ["forges an annotation behind blanks", "  seen  \n \t::error::x", "  seen  \n \t\\u003a:error::x"],
    ["is a command of the old kind, anywhere in a line", "a ##[error]b", "a #\\u0023[error]b"],
  ])("that %s is shown instead", (_, written, there) => expect(shown(written, GITHUB)).toBe(there));

  test("keeps what is no command", () => {
    const text = "where scenarios/x.yaml:8\n\n## [1] std::string\n";
    expect(shown(text, GITHUB)).toBe(text);
  });

  test("is the same for a reader of JSON", () => {
    const data = { seen: "a ##[error]b" };
    expect(shown(JSON.stringify(data), GITHUB)).not.toContain("##[");
    expect(JSON.parse(shown(JSON.stringify(data), GITHUB))).toEqual(data);
  });
});

test("elsewhere two colons are two colons", () => expect(shown("::error::x", {})).toBe("::error::x"));
