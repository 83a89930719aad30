import { join } from "node:path";
import { createInterface } from "node:readline";
import { execa } from "execa";
import { beforeAll, expect, inject, onTestFinished, test } from "vitest";
import { DockerEngine } from "../src/engine/docker.ts";
import type { Engine } from "../src/engine/engine.ts";
import { slowBuild } from "./support/slow-build.ts";

const PROGRAM = join(import.meta.dirname, "support/slow-build.ts");
const base = () => inject("slurmImages")["24.11"]?.client ?? "";
let engine: Engine;
beforeAll(async () => {
  engine = await DockerEngine.connect({ socketPath: inject("socket") });
});

test.each(["SIGKILL", "SIGINT"] as const)(
  "a build whose process gets %s in the middle leaves no image under its tag, then or later",
  async (signal) => {
    const tag = `slurmlab/unfinished:killed-${signal.toLowerCase()}-${process.pid}`;
    const after = `slurmlab/unfinished:after-${signal.toLowerCase()}-${process.pid}`;
    onTestFinished(async () => {
      for (const each of [tag, after]) await engine.removeImage(each);
    });
    const building = execa(process.execPath, [PROGRAM, inject("socket"), base(), tag], { reject: false });
    for await (const line of createInterface({ input: building.stdout })) {
      if (/begun/.test(line)) building.kill(signal);
    }
    expect((await building).signal).toBe(signal);
    // As long as the killed one would have taken, had the engine gone on with it.
    await slowBuild(inject("socket"), base(), after, () => {});
    expect([await engine.hasImage(tag), await engine.hasImage(after)]).toEqual([false, true]);
  },
);
