import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, inject, onTestFinished, test, vi } from "vitest";
import { DockerEngine } from "../src/engine/docker.ts";
import { LABEL } from "../src/engine/labels.ts";
import { newFolder, slurmlab } from "./support/cluster-up.ts";

const scenario = (run: string, nodes = "c1") => `title: A job ends as it says
cluster: { nodes: [{ name: "${nodes}", roles: [slurmd] }] }
steps:
  - submit: { name: job, run: ${run} }
    as: job
  - until: { job: $job, is: COMPLETED }
`;

test("--watch runs each edit on a cluster that was started meanwhile, on another when the edit wants another, and leaves none", async () => {
  const engine = await DockerEngine.connect({ socketPath: inject("socket") });
  // Names of its own: what is left is found by them.
  const name = `watched-${randomBytes(3).toString("hex")}`;
  const left = async () =>
    (await engine.listOwned()).filter(({ labels }) => labels[LABEL.scenario] === name).length;
  const folder = newFolder();
  const file = join(folder, `${name}.yaml`);
  writeFileSync(file, scenario("hostname"));

  const watching = slurmlab(["scenario", file, "--watch"], folder);
  onTestFinished(() => void watching.kill("SIGKILL"));
  const lines: string[] = [];
  let errors = "";
  watching.stderr.on("data", (text) => (errors += text));
  void (async () => {
    for await (const line of watching) lines.push(line);
  })();
  /** What one run has printed, from the last that was taken up to where it waits for the next change. */
  const nextRun = async (): Promise<string> => {
    const end = () => lines.findIndex((line) => line.includes("to change; Ctrl-C ends"));
    await vi.waitFor(() => expect({ ended: end() >= 0, lines, errors }).toMatchObject({ ended: true }), {
      timeout: 60_000,
      interval: 50,
    });
    return lines.splice(0, end() + 1).join("\n");
  };

  const first = await nextRun();
  expect(first).toContain("PASSED");
  expect(first).toContain("starting 5 nodes");

  writeFileSync(file, scenario("exit 3"));
  const second = await nextRun();
  expect(second).toContain("FAILED");
  expect(second).not.toContain("starting 5 nodes");

  writeFileSync(file, scenario("hostname").replace("until", "untill"));
  await nextRun();
  expect(errors).toContain('did you mean "until"?');

  writeFileSync(file, scenario("hostname", "c[1-2]"));
  const fourth = await nextRun();
  expect(fourth).toContain("PASSED");
  expect(fourth).toContain("starting 6 nodes");

  watching.kill("SIGINT");
  expect((await watching).exitCode).toBe(0);
  expect(await left()).toBe(0);
});
