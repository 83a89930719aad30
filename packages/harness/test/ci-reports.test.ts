import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { writeReports } from "../src/cli/reports.ts";
import { annotations, markdown } from "../src/report/github.ts";
import { junitXml } from "../src/report/junit.ts";
import type { RunRecord } from "../src/report/record.ts";
import type { RunResult } from "../src/report/result.ts";

const recorded = (run: string): RunRecord =>
  JSON.parse(readFileSync(join(import.meta.dirname, "fixtures/runs", `${run}.json`), "utf8"));
const passed = recorded("passed").result;
const failed = recorded("failed").result;
const broken: RunResult = {
  ...passed,
  verdict: "broken",
  steps: [],
  failure: { kind: "broken", message: 'a "daemon" <did> & not\u0007 start', seen: "100 %\nor more" },
};

describe("JUnit XML", () => {
  test("has a case for every step, and counts them", () => {
    const xml = junitXml([passed]);
    expect(xml.match(/<testcase /g)).toHaveLength(passed.steps.length);
    expect(xml).toContain(`<testsuites tests="${passed.steps.length}" failures="0" errors="0" skipped="0"`);
  });
  test("has a failed step as a failure, with what was expected and seen", () => {
    const xml = junitXml([failed]);
    expect(xml).toMatch(/tests="\d+" failures="1" errors="0"/);
    expect(xml).toContain(`expected ${failed.failure?.expected}`);
  });
  test("has an error of its own when no step failed and the run did all the same", () => {
    expect(junitXml([broken])).toContain('failures="0" errors="1"');
  });
  test("has a skipped run as skipped, with the reason", () => {
    const xml = junitXml([{ ...passed, verdict: "skipped", because: "no GPU", steps: [] }]);
    expect(xml).toContain('<skipped message="no GPU"/>');
  });
  test("has a suite for each of several runs, and one with an error for what could not be planned", () => {
    const notPlanned = {
      scenario: "x",
      slurm: "24.10",
      because: "no Slurm 24.10",
      repeat: "pnpm scenario x",
    };
    const xml = junitXml([passed, failed, notPlanned]);
    expect(xml.match(/<testsuite /g)).toHaveLength(3);
    expect(xml).toContain('<testsuite name="x on Slurm 24.10" tests="1" failures="0" errors="1"');
    const tests = passed.steps.length + failed.steps.length + 1;
    expect(xml).toContain(`<testsuites tests="${tests}" failures="1" errors="1" skipped="`);
  });
  test("writes what XML cannot hold as something that it can", () => {
    expect(junitXml([broken])).toContain('message="a &quot;daemon&quot; &lt;did&gt; &amp; not? start"');
  });
});

describe("on GitHub", () => {
  test("the summary has the verdict, what was seen, the story and the command", () => {
    const text = markdown(failed);
    for (const part of [/^### failed: /, /\| seen \| /, /became DOWN/, /`pnpm scenario/])
      expect(text).toMatch(part);
  });
  test("what is put into a table stays in its cell", () => {
    expect(markdown({ ...broken, failure: { kind: "broken", message: "a|b\n<b>*c" } })).toContain(
      "| what | a\\|b<br>\\<b\\>\\*c |",
    );
  });
  test("a failed run is an annotation at the scenario's line", () => {
    expect(annotations(failed)[0]).toMatch(/^::error file=\S+\.yaml,line=\d+,title=failed%3A /);
  });
  test("a message of several lines is one command", () => {
    expect(annotations(broken)[0]).toMatch(/seen 100 %25%0Aor more$/);
  });
  test("a passed run has no annotation", () => expect(annotations(passed)).toEqual([]));
});

describe("the files of a run", () => {
  const write = async (env: NodeJS.ProcessEnv, folder: string) => {
    const notes: string[] = [];
    const note = (line: string) => void notes.push(line);
    await writeReports(recorded("failed"), join(folder, "run"), {
      junit: "out/junit.xml",
      env,
      annotate: note,
    });
    return notes;
  };
  const newFolder = () => mkdtempSync(join(tmpdir(), "slurmlab-reports-"));

  test("are where the command was typed, and a summary is added to what is there", async () => {
    const folder = newFolder();
    const summary = join(folder, "summary.md");
    writeFileSync(summary, "before\n");
    const notes = await write(
      { INIT_CWD: folder, GITHUB_STEP_SUMMARY: summary, GITHUB_ACTIONS: "true" },
      folder,
    );
    expect(readFileSync(join(folder, "out/junit.xml"), "utf8")).toContain("<testsuites");
    expect(readFileSync(summary, "utf8")).toMatch(/^before\n### failed/);
    expect(notes).toHaveLength(1);
  });
  test("away from GitHub there is no annotation", async () => {
    const folder = newFolder();
    expect(await write({ INIT_CWD: folder }, folder)).toEqual([]);
  });
});
