import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { YAML_START } from "../src/cli/scenario/starting-files.ts";
import { formatTable, formatTimes, type RunRow, worstExit } from "../src/report/table.ts";
import { inProcess } from "./support/in-process.ts";

// No engine answers there: a run that gets as far as looking for one is broken at once.
vi.stubEnv("DOCKER_HOST", "unix:///nonexistent/docker.sock");
vi.stubEnv("SLURMLAB_NO_INSTALL", "1");
const HERE = process.cwd();
afterEach(() => process.chdir(HERE));

/** `pnpm scenario ...` typed in a folder with this scenario as own.yaml. */
async function scenario(args: readonly string[], text = YAML_START) {
  const folder = mkdtempSync(join(tmpdir(), "slurmlab-many-"));
  writeFileSync(join(folder, "own.yaml"), text);
  vi.stubEnv("INIT_CWD", folder);
  process.chdir(folder);
  return { ...(await inProcess(["scenario", ...args])), folder };
}

const NEWEST = YAML_START.replace("parameters:", 'requires: { slurm: ">= 26.05" }\nparameters:');

describe("several runs", () => {
  test("over all releases are a row each, skipped where the scenario says so, and the worst decides", async () => {
    const { exitCode, stdout, folder } = await scenario(["./own.yaml", "--slurm", "all", "--json"], NEWEST);
    const rows = JSON.parse(stdout) as RunRow[];
    expect(rows.map((row) => `${row.slurm} ${row.verdict} ${row.exitCode}`)).toEqual([
      "20.11 skipped 0",
      "22.05 skipped 0",
      "24.11 skipped 0",
      "26.05 broken 3",
    ]);
    expect(exitCode).toBe(3);
    expect(rows[0]?.because).toBe("the scenario requires Slurm >= 26.05, and this is 20.11");
    expect(rows[3]?.repeat).toMatch(/^pnpm scenario \.\/own\.yaml --slurm 26\.05 --seed \d+$/);
    const report = JSON.parse(readFileSync(join(folder, rows[3]?.report ?? "", "../report.json"), "utf8"));
    expect(report).toMatchObject({ scenario: "own", verdict: "broken" });
  });

  test("that are all skipped end with 0, in a table with the reasons", async () => {
    const { exitCode, stdout } = await scenario(
      ["./own.yaml", "--slurm", "20.11,22.05", "--markdown"],
      NEWEST,
    );
    expect(exitCode).toBe(0);
    expect(stdout).toContain(
      "| scenario | 20.11 | 22.05 |\n| --- | --- | --- |\n| own | skipped | skipped |",
    );
    expect(stdout).toContain(
      "- own on 22.05, skipped: the scenario requires Slurm >= 26.05, and this is 22.05",
    );
  });

  test("that are skipped end with 1 where a skip is a failure, one run alone too", async () => {
    const flags = ["--slurm", "22.05", "--fail-on-skip"];
    const alone = await scenario(["./own.yaml", ...flags], NEWEST);
    const two = await scenario(["./own.yaml", ...flags, "--repeat", "2", "--json"], NEWEST);
    const rows = (JSON.parse(two.stdout) as RunRow[]).map((row) => `${row.verdict} ${row.exitCode}`);
    expect({ alone: alone.exitCode, exitCode: two.exitCode, rows }).toEqual({
      alone: 1,
      exitCode: 1,
      rows: ["skipped 1"],
    });
  });

  test("are all in one JUnit file, those too that could not be planned", async () => {
    const flags = ["--slurm", "20.11,24.10,22.05", "--junit", "junit.xml"];
    const { folder } = await scenario(["./own.yaml", ...flags], NEWEST);
    const xml = readFileSync(join(folder, "junit.xml"), "utf8");
    const suites = [...xml.matchAll(/<testsuite name="(.*?)" .*?errors="(\d)" skipped="(\d)"/g)];
    expect(suites.map(([, name, errors, skipped]) => `${name}: ${errors} ${skipped}`)).toEqual([
      "own on Slurm 20.11: 0 1",
      "own on Slurm 24.10: 1 0",
      "own on Slurm 22.05: 0 1",
    ]);
  });

  test.each([["alone"], ["with others", "--repeat", "2"]])(
    "whose JUnit file cannot be written do not begin, %s",
    async (_, ...flags) => {
      const { exitCode, stderr } = await scenario(["./own.yaml", "--junit", "own.yaml/x.xml", ...flags]);
      expect(exitCode).toBe(2);
      expect(stderr).toContain("--junit own.yaml/x.xml cannot be written");
    },
  );

  test("of one scenario end with the first that fails", async () => {
    const { exitCode, stdout } = await scenario(["./own.yaml", "--repeat", "20", "--json"]);
    expect({ exitCode, runs: (JSON.parse(stdout) as RunRow[]).length }).toEqual({ exitCode: 3, runs: 1 });
    const untilFails = await scenario(["./own.yaml", "--until-fails"]);
    expect({ exitCode: untilFails.exitCode, said: /0 of 1 passed/.test(untilFails.stdout) }).toEqual({
      exitCode: 3,
      said: true,
    });
  });

  test("are counted when all went well", async () => {
    const { stdout } = await scenario(["./own.yaml", "--repeat", "3", "--slurm", "24.11", "--json"], NEWEST);
    expect((JSON.parse(stdout) as RunRow[]).map((row) => row.verdict)).toEqual([
      "skipped",
      "skipped",
      "skipped",
    ]);
  });

  test("of a release that there is not are bad input, with the nearest", async () => {
    const { exitCode, stdout } = await scenario(["./own.yaml", "--slurm", "20.11,24.10", "--json"], NEWEST);
    const rows = JSON.parse(stdout) as RunRow[];
    expect({ exitCode, verdict: rows[1]?.verdict, near: rows[1]?.because?.includes("24.10") }).toEqual({
      exitCode: 2,
      verdict: "bad-input",
      near: true,
    });
  });

  test.each([
    [["--all", "hello"]],
    [["hello", "--tag", "gpu", "--repeat", "2"]],
    [["--all", "--set", "a=1"]],
    [["--all", "--keep"]],
    [["--all", "--dry-run"]],
    [["--repeat", "2"]],
    [["hello", "--repeat", "2", "--until-fails"]],
    [["hello", "--repeat", "0"]],
    [["hello", "--parallel", "none", "--repeat", "2"]],
    [["--all", "--tag", "no-such-tag"]],
  ])("%j is refused", async (args) => {
    expect((await scenario(args)).exitCode).toBe(2);
  });
});

const row = (more: Partial<RunRow>): RunRow => ({
  scenario: "hello",
  slurm: "24.11",
  verdict: "passed",
  exitCode: 0,
  seconds: 12.34,
  repeat: "pnpm scenario hello",
  ...more,
});

describe("the table of several runs", () => {
  test("has scenarios by releases, and why what did not pass did not", () => {
    const rows = [
      row({}),
      row({ slurm: "20.11", verdict: "failed", exitCode: 1, because: "no job", evidence: "runs/x/evidence" }),
      row({ scenario: "gpu-job", seconds: 3 }),
    ];
    expect(formatTable(rows, false)).toBe(
      [
        "scenario  20.11          24.11",
        "hello     failed 12.3 s  passed 12.3 s",
        "gpu-job   -              passed 3.0 s",
        "",
        "hello on 20.11, failed: no job (runs/x/evidence)",
      ].join("\n"),
    );
  });

  test("counts what passed and gives least, median and most", () => {
    const times = [3, 1, 2, 10].map((seconds) => row({ seconds }));
    expect(formatTimes([...times, row({ verdict: "failed", seconds: 99 })])).toBe(
      "4 of 5 passed; least 1.0 s, median 2.5 s, most 10.0 s",
    );
    expect(formatTimes([])).toBe("0 of 0 passed");
  });

  test("says what share of the time was slurmlab's own, where that is known", () => {
    const rows = [1, 2, 6].map((own) => row({ seconds: 10, own }));
    expect(formatTimes([...rows, row({ verdict: "failed", own: 12 })])).toBe(
      "3 of 4 passed; least 10.0 s, median 10.0 s, most 10.0 s; 20 % of it slurmlab's own (median)",
    );
  });

  test("an interruption is worse than what is broken, and that than a failure", () => {
    expect([worstExit([]), worstExit([0, 1]), worstExit([1, 3, 2]), worstExit([130, 3])]).toEqual([
      0, 1, 3, 130,
    ]);
  });
});
