import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { describe, expect, test } from "vitest";
import { readLogFolder } from "../src/logs/folder.ts";

const MAIN = join(import.meta.dirname, "../src/cli/main.ts");
const HEALTHY = "[2026-11-25T07:12:19.556] slurmd version 24.11.5 started\n";
const WRONG = "[2026-11-25T07:12:19.600] error: Munge decode failed: Invalid credential\n";

/** A folder with these files. */
function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "slurmlab-logs-"));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

/** The command in a folder of its own; no engine answers there. */
async function diagnose(folder: string, ...flags: string[]) {
  const cwd = mkdtempSync(join(tmpdir(), "slurmlab-diagnose-"));
  const env = { INIT_CWD: cwd, DOCKER_HOST: "unix:///nonexistent/docker.sock", SLURMLAB_NO_INSTALL: "1" };
  const done = await execa(process.execPath, [MAIN, "diagnose", folder, ...flags], {
    cwd,
    env,
    reject: false,
  });
  return { cwd, exitCode: done.exitCode, stdout: String(done.stdout), stderr: String(done.stderr) };
}

describe("the logs of a folder", () => {
  const found = (files: Readonly<Record<string, string>>) =>
    readLogFolder(folderOf(files)).files.map(({ node, daemon }) => `${daemon} on ${node}`);

  test("are found by the names of files and folders, in any layout", () => {
    expect(
      found({
        "slurmctld.log": HEALTHY,
        "slurmd.c1.log": HEALTHY,
        "c2/var/log/slurm/slurmd.log": HEALTHY,
        "old/slurmd-c3.log-20261122": HEALTHY,
      }).sort(),
    ).toEqual(["slurmctld on ?", "slurmd on c1", "slurmd on c2", "slurmd on c3"]);
  });

  test("are found in syslog, a log a daemon and host, without what others have written", () => {
    const lines = [
      "Nov 22 06:00:00 head slurmctld[812]: error: Nodes c1 not responding",
      "2026-11-22T06:00:01.123456+01:00 c1 slurmd[77]: fatal: something",
      "Nov 22 06:00:02 head sshd[1]: Accepted publickey for root",
    ];
    expect(found({ messages: lines.join("\n") })).toEqual(["slurmctld on head", "slurmd on c1"]);
  });

  test("are no files that are packed, or of no daemon", () => {
    const { files, others } = readLogFolder(
      folderOf({ "slurmctld.log.1.gz": "\u0000packed", "notes.md": "hello", "slurm.conf": "ClusterName=x" }),
    );
    expect({ files, others }).toEqual({
      files: [],
      others: ["notes.md", "slurm.conf", "slurmctld.log.1.gz"],
    });
  });
});

describe("pnpm diagnose", () => {
  test("ends with 1, says cause, check and what to do, and writes the page when something is known", async () => {
    const { exitCode, stdout, cwd } = await diagnose(folderOf({ "c1/slurmd.log": HEALTHY + WRONG }));
    expect(exitCode).toBe(1);
    for (const part of [
      /likely cause +two nodes have/,
      /what to check +`munge/,
      /what to do +put the same/,
      /slurmd on c1/,
    ])
      expect(stdout).toMatch(part);
    const page = /report +(\S+)/.exec(stdout)?.[1] ?? "";
    expect(existsSync(join(cwd, page))).toBe(true);
    expect(readFileSync(join(cwd, page), "utf8")).toContain("two nodes have different munge keys");
  });

  test("ends with 0 when nothing is, and prints JSON alone when asked to", async () => {
    const { exitCode, stdout } = await diagnose(folderOf({ "slurmd.c1.log": HEALTHY }), "--json");
    expect({ exitCode, ...JSON.parse(stdout) }).toMatchObject({
      exitCode: 0,
      schema: 1,
      lines: 1,
      clues: [],
    });
  });

  test("ends with 2 for a folder that is not there, or has no log, and says what one is", async () => {
    const ends = await Promise.all([diagnose("/nonexistent"), diagnose(folderOf({ "notes.md": "hello" }))]);
    expect(ends.map(({ exitCode }) => exitCode)).toEqual([2, 2]);
    expect(ends[1]?.stderr).toContain("slurmctld.log, slurmd*.log");
  });
});
