import { existsSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, test, vi } from "vitest";
import { inProcess } from "./support/in-process.ts";

/** A process of its own: the library prints by console.log, which the tests' runner keeps to itself. */
const scriptFor = async (shell: string) =>
  (await execa(process.execPath, [MAIN, "completion", shell])).stdout;

const MAIN = join(import.meta.dirname, "../src/cli/main.ts");
const BASH_COMPLETION = "/usr/share/bash-completion/bash_completion";

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
    const script = await scriptFor(shell);
    expect(script).toMatch(shell === "fish" ? /^function slurmlab;/ : /^slurmlab\(\) \{/);
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

  test("completes in a real bash", async ({ skip }) => {
    if (!existsSync(BASH_COMPLETION)) skip("the package bash-completion is not installed");
    const script = await scriptFor("bash");
    const pressed = `source ${BASH_COMPLETION}
${script}
COMP_LINE="slurmlab scenario gpu-j" COMP_POINT=23 COMP_WORDS=(slurmlab scenario gpu-j) COMP_CWORD=2
compopt() { :; }
__slurmlab_complete
printf '%s\\n' "\${COMPREPLY[@]}"`;
    expect((await execa("bash", ["-c", pressed])).stdout.trim()).toBe("gpu-job");
  });
});
