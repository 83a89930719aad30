import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { TYPESCRIPT_START, YAML_START } from "../src/cli/scenario/starting-files.ts";
import { SUBCOMMANDS } from "../src/scenario/subcommands.ts";
import { VERBS } from "../src/verbs/index.ts";
import { inProcess } from "./support/in-process.ts";

// No engine answers there: whatever gets as far as looking for one ends with 3.
vi.stubEnv("DOCKER_HOST", "unix:///nonexistent/docker.sock");
vi.stubEnv("SLURMLAB_NO_INSTALL", "1");
const HERE = process.cwd();
afterEach(() => process.chdir(HERE));

/** `pnpm scenario ...` in this process, typed in a folder: twenty of their own would take a second each. */
async function scenario(args: readonly string[], folder = newFolder()) {
  vi.stubEnv("INIT_CWD", folder);
  process.chdir(folder);
  return await inProcess(["scenario", ...args]);
}

function newFolder(files: Readonly<Record<string, string>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), "slurmlab-scenario-"));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, ".."), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

function report(more: object): string {
  return JSON.stringify({ scenario: "hello", verdict: "passed", slurm: "24.11", seconds: 1, ...more });
}

describe("scenario list", () => {
  test("tells the last result and the usual time out of the reports of the folder", async () => {
    const folder = newFolder({
      ".slurmlab/runs/a/report.json": report({ started: "2026-01-01T00:00:00Z", seconds: 10 }),
      ".slurmlab/runs/b/report.json": report({ started: "2026-01-02T00:00:00Z", seconds: 14 }),
      ".slurmlab/runs/c/report.json": report({
        started: "2026-01-03T00:00:00Z",
        seconds: 99,
        verdict: "failed",
      }),
      ".slurmlab/runs/d/report.json": "{ half a rep",
      ".slurmlab/runs/e/report.json": "null",
    });
    const { exitCode, stdout } = await scenario(["list", "--json"], folder);
    const rows = JSON.parse(stdout) as Array<{ name: string }>;
    expect(exitCode).toBe(0);
    expect(rows.find((row) => row.name === "hello")).toMatchObject({
      slurm: ["20.11", "22.05", "24.11", "26.05"],
      last: { verdict: "failed", started: "2026-01-03T00:00:00Z", slurm: "24.11" },
      usualSeconds: 12,
    });
    expect(rows.find((row) => row.name === "gpu-job")).not.toHaveProperty("last");
    expect((await scenario([], folder)).stdout).toMatch(
      /^hello +A job over two nodes.*\n +.*failed on 24\.11, 2026-01-03; usually 12\.0 s/m,
    );
  });

  test("chooses by tag, and names the nearest for one that no scenario has", async () => {
    const gpu = JSON.parse((await scenario(["list", "--tag", "gpu", "--json"])).stdout) as Array<{
      name: string;
    }>;
    const names = gpu.map((row) => row.name);
    expect(names).toEqual(expect.arrayContaining(["gpu-job", "gpu-type"]));
    expect(names).not.toContain("hello");
    const wrong = await scenario(["list", "--tag", "gpus"]);
    expect({ exitCode: wrong.exitCode, meant: /did you mean "gpu"\?/.test(wrong.stderr) }).toEqual({
      exitCode: 2,
      meant: true,
    });
  });
});

describe("scenario lint", () => {
  test("finds nothing in the scenarios that there are", async () => {
    const { exitCode, stdout } = await scenario(["lint"]);
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout: expect.stringMatching(/scenarios, no problems\n$/),
    });
  });

  test("prints every problem with its place from here, and ends with 2", async () => {
    const folder = newFolder({
      "wrong.yaml": YAML_START.replace("until:", "untl:").replace("roles:", "rolse:"),
      "right.yaml": YAML_START,
    });
    const { exitCode, stdout } = await scenario(["lint", "./right.yaml", "./wrong.yaml"], folder);
    expect(exitCode).toBe(2);
    expect(
      stdout
        .trimEnd()
        .split("\n")
        .map((line) => line.split(": ")[0]),
    ).toEqual([
      expect.stringMatching(/^wrong\.yaml:\d+:\d+$/),
      expect.stringMatching(/^wrong\.yaml:\d+:\d+$/),
      expect.stringMatching(/^wrong\.yaml:\d+:\d+$/),
      "2 scenarios, 3 problems",
    ]);
    const json = JSON.parse((await scenario(["lint", "./wrong.yaml", "--json"], folder)).stdout);
    expect(json[0]).toMatchObject({
      file: "wrong.yaml",
      name: "wrong",
      problems: [{ place: { line: 21 } }, {}, {}],
    });
  });

  test("names the nearest scenario for one that there is not", async () => {
    const { exitCode, stderr } = await scenario(["lint", "helo"]);
    expect({ exitCode, meant: /did you mean "hello"\?/.test(stderr) }).toEqual({ exitCode: 2, meant: true });
  });
});

describe("scenario new", () => {
  test("writes a file that lints clean and can be planned, in either language", async () => {
    const folder = newFolder();
    expect((await scenario(["new", "./own"], folder)).exitCode).toBe(0);
    const own = readFileSync(join(folder, "own.yaml"), "utf8");
    const schema = /\$schema=(\S+)/.exec(own)?.[1] ?? "no schema";
    expect(own.replace(schema, "../docs/schema/scenario.json")).toBe(YAML_START);
    expect(existsSync(join(folder, schema))).toBe(true);
    expect((await scenario(["lint", "./own.yaml"], folder)).exitCode).toBe(0);
    const plan = await scenario(["./own.yaml", "--set", "nodes=3", "--dry-run", "--json"], folder);
    expect(JSON.parse(plan.stdout).nodes.map((node: { name: string }) => node.name)).toContain("c3");
    const scenarios = join(import.meta.dirname, "../../../scenarios");
    const beside = mkdtempSync(join(scenarios, "started-"));
    onTestFinished(() => rmSync(beside, { recursive: true, force: true }));
    expect((await scenario(["new", "./other", "--ts"], beside)).exitCode).toBe(0);
    expect(readFileSync(join(beside, "other.ts"), "utf8")).toBe(TYPESCRIPT_START);
    expect((await scenario(["lint", "./other.ts"], beside)).exitCode).toBe(0);
  });

  test("refuses TypeScript where it could not import the harness", async () => {
    const { exitCode, stderr } = await scenario(["new", "./own", "--ts"], newFolder());
    expect({ exitCode, said: stderr.includes("could not import @slurmlab/harness") }).toEqual({
      exitCode: 2,
      said: true,
    });
  });

  test("never overwrites, whichever ending the other has", async () => {
    const folder = newFolder({ "own.yml": "mine" });
    const { exitCode, stderr } = await scenario(["new", "./own", "--ts"], folder);
    expect({ exitCode, said: /own\.yml is there already/.test(stderr) }).toEqual({ exitCode: 2, said: true });
    expect({
      own: readFileSync(join(folder, "own.yml"), "utf8"),
      made: existsSync(join(folder, "own.ts")),
    }).toEqual({
      own: "mine",
      made: false,
    });
  });

  test("begins with another scenario", async () => {
    const folder = newFolder();
    await scenario(["new", "./copy", "--from", "hello"], folder);
    expect(readFileSync(join(folder, "copy.yaml"), "utf8")).toContain("A job over two nodes");
    expect((await scenario(["new", "./no.yaml", "--from", "gpu-job"], folder)).exitCode).toBe(2);
  });

  test.each(["lint", "My Scenario", "../../Ω"])("refuses the name %j", async (name) => {
    expect((await scenario(["new", name])).exitCode).toBe(2);
  });
});

describe("scenario docs", () => {
  test("has every verb in a line, and all of one", async () => {
    const { stdout } = await scenario(["docs"]);
    expect(VERBS.filter((verb) => !stdout.includes(`${verb.name} `)).map((verb) => verb.name)).toEqual([]);
    expect((await scenario(["docs", "submit"])).stdout).toMatch(
      /^ {2}run +string; required; the batch script's body/m,
    );
  });

  test("names the nearest verb for one that there is not", async () => {
    const { exitCode, stderr } = await scenario(["docs", "untl"]);
    expect({ exitCode, meant: /did you mean "until"\?/.test(stderr) }).toEqual({ exitCode: 2, meant: true });
  });
});

describe("scenario eject", () => {
  test("prints TypeScript, and refuses what is TypeScript already", async () => {
    expect((await scenario(["eject", "hello"])).stdout).toMatch(
      /^import \{ scenario \}[\s\S]*await submit\(/,
    );
    expect((await scenario(["eject", "gpu-job"])).exitCode).toBe(2);
  });
});

describe("values and seeds", () => {
  test.each([
    [["hello", "--set", "nodes=3"], /unknown parameter "nodes" \(the scenario has no parameters\)/],
    [
      ["./own.yaml", "--set", "node=3"],
      /own\.yaml:\d+:1: .*unknown parameter "node" \(did you mean "nodes"\?\)/,
    ],
    [["./own.yaml", "--set", "nodes=three"], /own\.yaml:\d+:1: .*expected an integer, seen "three"/],
    [["./own.yaml", "--set", "nodes"], /Expected a name and a value/],
    [["./own.yaml", "--seed", "-1"], /Expected a whole number/],
  ])("%j is refused before anything starts", async (args, message) => {
    const { exitCode, stderr } = await scenario(args, newFolder({ "own.yaml": YAML_START }));
    expect({ exitCode, said: message.test(stderr), stderr }).toMatchObject({ exitCode: 2, said: true });
  });
});

test("every subcommand has help with examples", async () => {
  const helps: Array<Awaited<ReturnType<typeof scenario>>> = [];
  for (const name of SUBCOMMANDS) helps.push(await scenario([name, "--help"]));
  expect(helps.map((help) => /Examples:\n {2}pnpm scenario /.test(help.stdout))).toEqual(
    SUBCOMMANDS.map(() => true),
  );
});
