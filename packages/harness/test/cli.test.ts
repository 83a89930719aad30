import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, test } from "vitest";

const MAIN = join(import.meta.dirname, "../src/cli/main.ts");
/** No engine answers there, so a command that wrongly starts one ends with 3 at once. */
const NO_ENGINE = { DOCKER_HOST: "unix:///nonexistent/docker.sock", SLURMLAB_NO_INSTALL: "1" };

async function cli(...args: string[]) {
  const { exitCode, stdout, stderr } = await execa(process.execPath, [MAIN, ...args], {
    reject: false,
    env: NO_ENGINE,
  });
  return { exitCode, stdout: String(stdout), stderr: String(stderr) };
}

describe("the command line", () => {
  test("lists scenarios with their claims", async () => {
    const { exitCode, stdout } = await cli("scenario");
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^gpu-job +A job gets the GPUs/m);
  });

  test("names the nearest scenario for one that there is not, and starts nothing", async () => {
    const { exitCode, stderr } = await cli("scenario", "gpujob");
    expect({ exitCode, meant: /did you mean "gpu-job"\?/.test(stderr) }).toEqual({
      exitCode: 2,
      meant: true,
    });
  });

  test("names the nearest flag for one that there is not", async () => {
    const { exitCode, stderr } = await cli("scenario", "hello", "--slrum", "24.11");
    expect({ exitCode, meant: /--slurm/.test(stderr) }).toEqual({ exitCode: 2, meant: true });
  });

  test("refuses a Slurm that is not in the catalog, naming those that are", async () => {
    const { exitCode, stderr } = await cli("scenario", "hello", "--slurm", "24.10");
    expect({
      exitCode,
      known: stderr.includes("20.11, 22.05, 24.11, 26.05"),
      meant: stderr.includes("did you mean 24.11?"),
    }).toEqual({ exitCode: 2, known: true, meant: true });
  });

  test("refuses a version that is none, with its place", async () => {
    const { exitCode, stderr } = await cli("scenario", "hello", "--slurm", "newest");
    expect({
      exitCode,
      stderr: stderr.includes('cluster.slurm: expected a Slurm release such as "24.11", seen "newest"'),
    }).toEqual({ exitCode: 2, stderr: true });
  });

  test("refuses a GPU mode that there is not", async () => {
    expect((await cli("scenario", "gpu-job", "--gpus", "fake")).exitCode).toBe(2);
  });

  test("refuses a command that there is not", async () => {
    expect((await cli("scenarios")).exitCode).toBe(2);
  });

  test("prints a plan without an engine, as text and as JSON", async () => {
    const plan = JSON.parse(
      (await cli("scenario", "gpu-job", "--dry-run", "--json", "--slurm", "26.05")).stdout,
    );
    expect(plan.nodes.map((node: { name: string }) => node.name)).toEqual([
      "ctl",
      "dbd",
      "db",
      "login",
      "g1",
      "g2",
    ]);
    expect(plan.images).toContainEqual(expect.stringMatching(/^slurmlab\/slurmd:26\.05-[0-9a-f]{12}$/));
    expect((await cli("scenario", "gpu-job", "--dry-run")).stdout).toContain("4 × a100 (auto)");
  });

  test("does not stumble over a reader that has gone", async () => {
    const child = execa(process.execPath, [MAIN, "scenario", "--help"], { reject: false, env: NO_ENGINE });
    child.stdout.destroy();
    const { exitCode, stderr } = await child;
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  });

  test("finds a file from where the command was typed, and names the whole path when there is none", async () => {
    const env = { ...NO_ENGINE, INIT_CWD: join(import.meta.dirname, "../../../scenarios") };
    const typed = (path: string) =>
      execa(process.execPath, [MAIN, "scenario", path, "--dry-run"], { reject: false, env });
    expect((await typed("./hello.yaml")).exitCode).toBe(0);
    const wrong = await typed("./nope.yaml");
    expect({
      exitCode: wrong.exitCode,
      named: /scenarios\/nope\.yaml does not exist/.test(wrong.stderr),
    }).toEqual({ exitCode: 2, named: true });
  });

  test("refuses a folder as a scenario", async () => {
    expect((await cli("scenario", `${import.meta.dirname}/`)).exitCode).toBe(2);
  });

  test("ends with 3 and the ways out when DOCKER_HOST does not answer", async () => {
    const { exitCode, stdout } = await cli("scenario", "hello");
    expect({
      exitCode,
      says: /no container engine answers at DOCKER_HOST/.test(stdout),
      out: /unset DOCKER_HOST/.test(stdout),
    }).toEqual({ exitCode: 3, says: true, out: true });
  });

  test("asks which cluster to remove", async () => {
    expect((await cli("cluster", "down")).exitCode).toBe(2);
  });
});
