import { rmSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { newFolder, type Report } from "./lab.ts";

// Everything after `save` runs in a network name space that has nothing but an unconfigured loopback: the second
// engine, and slurmlab itself.

const MAIN = join(import.meta.dirname, "../../packages/harness/src/cli/main.ts");
const apart = await execa("unshare", ["--net", "true"], { reject: false });
const why = apart.failed ? "skipped: this user cannot make a network name space" : "";

describe.skipIf(why !== "")(`a machine without any network ${why}`, () => {
  const folder = newFolder();
  const bundle = join(folder, "bundle.tar.zst");
  // A Unix socket's path is short.
  const state = newFolder();
  const offline = (...args: string[]) =>
    execa("unshare", ["--net", process.execPath, MAIN, ...args], {
      cwd: folder,
      reject: false,
      env: { DOCKER_HOST: `unix://${state}/engine/docker.sock`, SLURMLAB_STATE: state },
    });

  beforeAll(async () => {
    const env = { DOCKER_HOST: `unix://${inject("socket")}` };
    await execa(process.execPath, [MAIN, "images", "save", "--out", bundle], { cwd: folder, env });
    // The engine is started without DOCKER_HOST, which names it only once it is there.
    await execa("unshare", ["--net", process.execPath, MAIN, "engine", "start", "--own"], {
      env: { SLURMLAB_STATE: state },
    });
  });

  afterAll(async () => {
    await execa(process.execPath, [MAIN, "engine", "purge"], { env: { SLURMLAB_STATE: state } });
    rmSync(folder, { recursive: true, force: true });
    rmSync(state, { recursive: true, force: true });
  });

  test("takes in a bundle and says which release it has", async () => {
    const done = await offline("images", "load", bundle, "--json");
    expect(JSON.parse(done.stdout)).toMatchObject({ releases: ["24.11"] });
  });

  test("runs gpu-job from it", async () => {
    const done = await offline("scenario", "gpu-job", "--json");
    const report = JSON.parse(done.stdout) as Report;
    expect({ failure: report.failure, verdict: report.verdict }).toEqual({
      failure: undefined,
      verdict: "passed",
    });
  });

  test("refuses a file that is no bundle, and says what one is", async () => {
    const done = await offline("images", "load", MAIN);
    expect({ exitCode: done.exitCode, says: done.stderr }).toEqual({
      exitCode: 2,
      says: expect.stringContaining("a file that `pnpm images save` wrote"),
    });
  });
});
