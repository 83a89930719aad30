import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { leftOf, newFolder, runScenario, slurmlab } from "./lab.ts";

/** A scenario of one's own, called by its path. */
function scenarioFile(steps: string): string {
  const file = join(newFolder(), "own.yaml");
  writeFileSync(
    file,
    `title: A claim\ncluster:\n  nodes:\n    - { name: c1, roles: [slurmd] }\nsteps:\n${steps}`,
  );
  return file;
}

/** Resolves when the process has printed this; rejects when it ends without. (Leaving execa's own iteration waits for the end.) */
function printed(run: ReturnType<typeof slurmlab>, words: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let seen = "";
    run.stdout.on("data", (chunk: Buffer) => {
      seen += chunk.toString();
      if (seen.includes(words)) resolve();
    });
    void run.then(() => reject(new Error(`it ended without printing "${words}":\n${seen}`)));
  });
}

/** Starts a scenario that stays, and resolves with its cluster's id once the first step is done. */
async function startAndWait(file: string) {
  const folder = newFolder();
  const run = slurmlab(["scenario", file, "--verbose"], folder);
  await printed(run, "✓");
  const { stdout } = await slurmlab(["cluster", "list", "--json"]);
  const clusters = JSON.parse(stdout) as Array<{ id: string; scenario: string; state: string }>;
  const cluster = clusters.find((each) => each.scenario === "own");
  if (!cluster) throw new Error(`no cluster is listed: ${stdout}`);
  return { run, cluster, folder };
}

const STAYS = scenarioFile(`  - submit: { run: sleep 600 }
    as: job
  - until: { job: $job, is: COMPLETED, within: 10m }
`);

test("a claim that is false fails with what was expected, seen and where, and leaves its evidence", async () => {
  const file = scenarioFile(`  - submit: { name: wrong, run: exit 3 }
    as: job
  - until: { job: $job, is: COMPLETED, within: 30s }
`);
  const { report, exitCode, folder } = await runScenario(file);
  expect({ exitCode, verdict: report.verdict }).toEqual({ exitCode: 1, verdict: "failed" });
  expect(report.failure).toMatchObject({
    expected: "job 2 (wrong) to be COMPLETED",
    where: expect.stringMatching(/own\.yaml:8/),
  });
  expect(report.failure?.seen).toMatch(/FAILED.*exit code 3:0/);
  expect(await leftOf(report.cluster.id)).toEqual([]);

  const evidence = join(folder, report.evidence ?? "");
  const files = readdirSync(evidence, { recursive: true }).map(String);
  for (const wanted of [
    "ctl/log/slurmctld.log",
    "c1/log/slurmd.log",
    "dbd/log/slurmdbd.log",
    "db/log/mariadbd.log",
    "dbd/etc/slurmdbd.conf",
    "ctl/inspect.json",
    "slurm/sacct.txt",
  ]) {
    expect(files).toContain(wanted);
  }
  expect(readFileSync(join(evidence, "dbd/etc/slurmdbd.conf"), "utf8")).toContain("StoragePass=********");
  expect(readFileSync(join(evidence, "slurm/sacct.txt"), "utf8")).toMatch(/2\|wrong\|ada\|FAILED\|3:0/);
  expect(files.filter((name) => name.endsWith(".key"))).toEqual([]);
});

test("Ctrl-C saves evidence, tears down and ends with 130", async () => {
  const { run, cluster, folder } = await startAndWait(STAYS);
  run.kill("SIGINT");
  const done = await run;
  expect({ exitCode: done.exitCode, left: await leftOf(cluster.id) }).toEqual({ exitCode: 130, left: [] });
  expect(existsSync(join(folder, ".slurmlab/runs", cluster.id, "evidence/ctl/log/slurmctld.log"))).toBe(true);
});

test("what a killed run leaves behind is gone within 15 s of the next command", async () => {
  const { run, cluster } = await startAndWait(STAYS);
  run.kill("SIGKILL");
  await run;
  expect((await leftOf(cluster.id)).length).toBeGreaterThan(5);
  const start = performance.now();
  const { stdout } = await slurmlab(["cluster", "list"]);
  // By that command, which says so, or by the run's own reaper, when that was quicker.
  expect(stdout.split("\n").filter((line) => line.includes(cluster.id))).toSatisfy((lines: string[]) =>
    lines.every((line) => line.startsWith("removed what a dead run left behind: ")),
  );
  expect(await leftOf(cluster.id)).toEqual([]);
  expect(performance.now() - start).toBeLessThan(15_000);
});

test("a run killed while its cluster starts leaves nothing after the next command either", async () => {
  const run = slurmlab(["scenario", STAYS, "--verbose"]);
  await printed(run, "starting");
  run.kill("SIGKILL");
  await run;
  // The dead run's last requests may still be at work in the engine; the second command finds what they made.
  await slurmlab(["cluster", "list"]);
  const { stdout } = await slurmlab(["cluster", "list", "--json"]);
  expect(JSON.parse(stdout)).toEqual([]);
});

test("a kept cluster is there until it is taken down", async () => {
  const file = scenarioFile(
    "  - submit: { run: hostname }\n    as: job\n  - until: { job: $job, is: COMPLETED }\n",
  );
  const { report } = await runScenario(file, "--keep");
  const { id } = report.cluster;
  expect((await slurmlab(["cluster", "list"])).stdout).toMatch(new RegExp(`${id} .* kept `));
  const down = await slurmlab(["cluster", "down", id]);
  expect({ exitCode: down.exitCode, left: await leftOf(id) }).toEqual({ exitCode: 0, left: [] });
});

test("a cluster that cannot run here fails at the start with Slurm's own reason, at once", async () => {
  const file = scenarioFile("  - submit: { run: hostname }\n");
  const spec = readFileSync(file, "utf8")
    .replace("cluster:\n", 'cluster:\n  overrides: { "slurm.conf": { SlurmdParameters: null } }\n')
    .replace("roles: [slurmd]", "roles: [slurmd], memory: 64T");
  writeFileSync(file, spec);
  const { report, exitCode } = await runScenario(file);
  expect({ exitCode, verdict: report.verdict, left: await leftOf(report.cluster.id) }).toEqual({
    exitCode: 3,
    verdict: "broken",
    left: [],
  });
  expect(report.failure?.seen).toMatch(/Low RealMemory/);
});

test("a daemon that cannot start is named at once, with its last words", async () => {
  const file = scenarioFile("  - submit: { run: hostname }\n");
  const spec = readFileSync(file, "utf8").replace(
    "cluster:\n",
    'cluster:\n  overrides: { "slurm.conf": { SelectTypeParameters: CR_Nope } }\n',
  );
  writeFileSync(file, spec);
  const start = performance.now();
  const { report } = await runScenario(file);
  expect(report.failure?.message).toBe("slurmctld on ctl did not start");
  expect(report.failure?.seen).toMatch(/slurmctld ended: exit code 1[\s\S]*CR_Nope/);
  // Well under the 30 s for which the workers would have waited for it.
  expect(performance.now() - start).toBeLessThan(25_000);
});
