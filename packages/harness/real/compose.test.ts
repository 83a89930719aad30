import { join } from "node:path";
import { execa } from "execa";
import { expect, inject, test } from "vitest";
import { met, pending, waitFor } from "../src/conditions/probe.ts";
import { newFolder, slurmlab } from "./support/cluster-up.ts";

const MINUTES = 5 * 60_000;

test("docker compose starts what `cluster export` has written, and jobs run there", async ({ skip }) => {
  const folder = join(newFolder(), "exported");
  const compose = (...args: string[]) =>
    execa("docker", ["compose", "--project-directory", folder, ...args], {
      reject: false,
      env: { DOCKER_HOST: `unix://${inject("socket")}` },
    });
  if ((await compose("version")).failed) skip("docker compose is not installed");
  const { exitCode } = await slurmlab(["cluster", "export", "minimal", "--out", folder]);
  expect(exitCode).toBe(0);
  try {
    const up = await compose("up", "--detach");
    expect(up.exitCode, up.stderr).toBe(0);
    const look = async () => {
      const { stdout, stderr } = await compose("exec", "-T", "--user", "ada", "login", "srun", "hostname");
      return stdout === "c1" ? met(stdout) : pending(`${stdout} ${stderr}`);
    };
    const signal = AbortSignal.timeout(MINUTES);
    const probe = { title: "srun to run a job", look };
    expect(await waitFor(probe, { withinMs: 60_000, everyMs: 500, signal })).toBe("c1");
  } finally {
    const down = await compose("down", "--volumes", "--timeout", "1");
    expect(down.exitCode, down.stderr).toBe(0);
  }
});
