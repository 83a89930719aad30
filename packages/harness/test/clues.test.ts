import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { findClues } from "../src/evidence/clues.ts";
import { KNOWN_SYMPTOMS } from "../src/evidence/symptoms/index.ts";
import type { LogDaemon } from "../src/logs/line.ts";
import type { RunRecord } from "../src/report/record.ts";

const recorded = (run: string): RunRecord =>
  JSON.parse(readFileSync(join(import.meta.dirname, "fixtures/runs", `${run}.json`), "utf8"));
const said = (daemon: LogDaemon, text: string) => ({
  node: "c1",
  daemon,
  text,
  time: 0,
  level: "error" as const,
});

describe("every known symptom", () => {
  const examples = KNOWN_SYMPTOMS.flatMap(({ id, daemons, examples: lines }) =>
    lines.map(({ line }) => [id, line, daemons[0] ?? "other"] as const),
  );
  test.each(examples)("%s is found in: %s", (id, line, daemon) => {
    expect(findClues([said(daemon, line)]).map((clue) => clue.id)).toEqual([id]);
  });
  test("has an example and a name of its own", () => {
    expect(KNOWN_SYMPTOMS.filter(({ examples: lines }) => lines.length === 0)).toEqual([]);
    expect(new Set(KNOWN_SYMPTOMS.map(({ id }) => id)).size).toBe(KNOWN_SYMPTOMS.length);
  });
});

test("the whole log of a healthy run brings no clue", () => {
  const { lines } = recorded("passed").log;
  expect(lines.length).toBeGreaterThan(150);
  expect(findClues(lines)).toEqual([]);
});

test("a run that lost a node has that as a clue, with the line that shows it", () => {
  expect(findClues(recorded("failed").log.lines)).toContainEqual(
    expect.objectContaining({
      id: "node-not-responding",
      node: "ctl",
      daemon: "slurmctld",
      line: expect.stringMatching(/not responding, setting DOWN/),
    }),
  );
});

test("a symptom that is seen again is told once, with its first line and how often", () => {
  const first = said("slurmctld", "Munge decode failed: Invalid credential");
  const clues = findClues([first, { ...first, node: "c2" }, { ...first, node: "c3" }]);
  expect(clues).toMatchObject([{ id: "munge-key-differs", node: "c1", lines: 3 }]);
});

test("a text in another program's log is none", () => {
  expect(findClues([said("mariadbd", "Munge decode failed: Invalid credential")])).toEqual([]);
});
