import { mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, test, vi } from "vitest";
import { inProcess } from "./support/in-process.ts";

const MAIN = join(import.meta.dirname, "../src/cli/main.ts");

/** What is offered in the place of the last word. */
async function offered(...words: string[]): Promise<string[]> {
  vi.stubEnv("DOCKER_HOST", "unix:///nonexistent/docker.sock");
  const { stdout } = await execa(process.execPath, [MAIN, "complete", "--", ...words]);
  return stdout
    .split("\n")
    .filter((line) => !/^:\d+$/.test(line))
    .map((line) => line.split("\t")[0] ?? "");
}

describe("Tab", () => {
  test("offers commands, and the words that an argument of theirs can be", async () => {
    expect(await offered("sce")).toEqual(["scenario"]);
    expect(await offered("scenario", "gpu-j")).toEqual(["gpu-job"]);
    expect(await offered("scenario", "lint", "munge-d")).toEqual(["munge-down"]);
    expect(await offered("scenario", "docs", "expect-")).toEqual(["expect-log"]);
    expect(await offered("cluster", "up", "mini")).toEqual(["minimal"]);
  });

  test("offers options, and what one can be", async () => {
    expect(await offered("scenario", "hello", "--par")).toEqual(["--parallel"]);
    expect(await offered("scenario", "hello", "--slurm", "2")).toEqual(["20.11", "22.05", "24.11", "26.05"]);
    expect(await offered("scenario", "hello", "--gpus", "m")).toEqual(["mock"]);
  });

  test("offers no cluster, and says nothing, when the engine does not answer", async () => {
    expect(await offered("cluster", "down", "")).toEqual([]);
  });
});

describe("completion", () => {
  test.for([
    ["bash", ["bash", "-n"]],
    ["zsh", ["zsh", "-n"]],
    ["fish", ["fish", "--no-execute"]],
  ] as const)("prints a script that %s understands", async ([shell, check], { skip }) => {
    const { stdout: script } = await inProcess(["completion", shell]);
    expect(script).toMatch(shell === "fish" ? /^function slurmlab\n/ : /^slurmlab\(\) \{/);
    const file = join(mkdtempSync(join(tmpdir(), "slurmlab-tab-")), shell);
    writeFileSync(file, script);
    const [program, ...args] = check;
    const { code, stderr } = await execa(program, [...args, file], { reject: false });
    if (code === "ENOENT") skip(`${program} is not installed`);
    expect(stderr).toBe("");
  });

  test("refuses a shell that it has no script for, and names those that it has", async () => {
    const { exitCode, stderr } = await inProcess(["completion", "tcsh"]);
    expect({ exitCode, named: stderr.includes("bash, zsh, fish") }).toEqual({ exitCode: 2, named: true });
  });

  /** What a bash offers with these words on its line and the cursor in the last one, in that folder. */
  async function pressed(folder: string, ...words: string[]): Promise<string[]> {
    const { stdout: script } = await inProcess(["completion", "bash"]);
    const press = `${script}
COMP_WORDS=("$@") COMP_CWORD=$(( $# - 1 ))
_slurmlab
printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout } = await execa("bash", ["-euc", press, "bash", ...words], { cwd: folder });
    return stdout.split("\n").filter(Boolean);
  }

  test("completes in a real bash, an option's value behind = too", async () => {
    expect(await pressed("/", "slurmlab", "scenario", "gpu-j")).toEqual(["gpu-job"]);
    expect(await pressed("/", "slurmlab", "scenario", "hello", "--slurm", "=", "26")).toEqual(["26.05"]);
  });

  test("runs nothing that stands on the line, and leaves what is behind a redirection to the shell", async () => {
    const folder = mkdtempSync(join(tmpdir(), "slurmlab-tab-"));
    await pressed(folder, "slurmlab", "cluster", "exec", "c1", "$(touch ran)", "");
    await pressed(folder, "slurmlab", "scenario", "hello", "`touch ran`");
    expect(await pressed(folder, "slurmlab", "scenario", "hello", "--json", ">", "ran")).toEqual([]);
    expect(readdirSync(folder)).toEqual([]);
  });
});
