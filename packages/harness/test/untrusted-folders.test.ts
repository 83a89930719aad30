import { execFileSync } from "node:child_process";
import { appendFileSync, mkdirSync, mkdtempSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readLogFolder } from "../src/logs/folder.ts";
import { inProcess } from "./support/in-process.ts";

const SLURM_CONF = `ClusterName=x
SlurmctldHost=head
Prolog=/etc/slurm/prolog.sh
NodeName=n1
PartitionName=main Nodes=ALL
`;

function newFolder(files: Readonly<Record<string, string>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), "slurmlab-untrusted-"));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, ".."), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

describe("a configuration folder from elsewhere", () => {
  const private_ = newFolder({ secret: "root:$6$hash\n" });
  const importing = (folder: string, ...more: string[]) =>
    inProcess(["config", "import", folder, "--shrink", "1", "--hooks", "carry", ...more]);

  test.each([
    ["absolute", join(private_, "secret")],
    ["relative", join("..", private_.slice(tmpdir().length + 1), "secret")],
  ])("does not read a file of this machine by an %s link", async (_, target) => {
    const folder = newFolder({ "slurm.conf": SLURM_CONF });
    symlinkSync(target, join(folder, "prolog.sh"));
    const { stdout, exitCode } = await importing(folder, "--json");
    expect(exitCode).toBe(0);
    expect(stdout).not.toContain("$6$hash");
    expect(stdout).toContain("leads out of the folder by a link");
  });

  test("does not get out of itself by a folder that is a link either", async () => {
    const folder = newFolder({ "slurm.conf": `${SLURM_CONF}Include more/secret\n` });
    symlinkSync(private_, join(folder, "more"));
    const { stdout, stderr } = await importing(folder, "--json");
    expect(stdout + stderr).not.toContain("$6$hash");
  });

  test("is refused where slurm.conf itself leads out of it, with the way out", async () => {
    const folder = newFolder();
    symlinkSync(join(private_, "secret"), join(folder, "slurm.conf"));
    const { exitCode, stderr } = await inProcess(["config", "lint", folder]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("--allow-host-path");
    expect(stderr).not.toContain("$6$hash");
  });

  test("is read through its links with --allow-host-path", async () => {
    const folder = newFolder({ "slurm.conf": SLURM_CONF });
    symlinkSync(join(private_, "secret"), join(folder, "prolog.sh"));
    expect((await importing(folder, "--allow-host-path")).stdout).toContain("$6$hash");
  });

  test("may have links of its own, and be one", async () => {
    const folder = newFolder({ "slurm.conf": SLURM_CONF, "bin/prolog": "#!/bin/sh\n: its own\n" });
    symlinkSync("bin/prolog", join(folder, "prolog.sh"));
    const link = join(newFolder(), "link");
    symlinkSync(folder, link);
    expect((await importing(link)).stdout).toContain(": its own");
  });

  test("does not hold anybody up by a link to a pipe", async () => {
    const folder = newFolder({ "slurm.conf": SLURM_CONF });
    execFileSync("mkfifo", [join(folder, "pipe")]);
    symlinkSync("pipe", join(folder, "prolog.sh"));
    expect((await importing(folder)).exitCode).toBe(0);
  });
});

describe("a folder of logs from elsewhere", () => {
  const line =
    "[2026-01-01T00:00:00.000] error: slurm_receive_msg: Zero Bytes were transmitted or received\n";

  test("is read without following its links", () => {
    const folder = newFolder({ "slurmctld.log": line });
    symlinkSync("/etc/passwd", join(folder, "slurmd.log"));
    symlinkSync(newFolder({ "slurmd.log": line }), join(folder, "more"));
    expect(readLogFolder(folder).files.map(({ name }) => name)).toEqual(["slurmctld.log"]);
  });

  test("may have circles of links, which are not gone round", () => {
    const folder = newFolder({ "slurmctld.log": line });
    for (const name of ["a", "b", "c"]) symlinkSync(".", join(folder, name));
    expect(readLogFolder(folder).files.length).toBe(1);
  });

  test("may have a log that is larger than any memory", () => {
    const folder = newFolder({ "slurmctld.log": line.repeat(50) });
    truncateSync(join(folder, "slurmctld.log"), 64 * 2 ** 30);
    appendFileSync(join(folder, "slurmctld.log"), line);
    const [log] = readLogFolder(folder).files;
    expect({ length: log?.text.length, end: log?.text.endsWith(line) }).toEqual({
      length: 32 * 2 ** 20,
      end: true,
    });
  });

  test("whose lines are as long as they can be is read in a second", async () => {
    const long = "a".repeat(2_000_000);
    const names = ["slurmctld", "slurmd", "slurmdbd", "munged"].map((name) => `${name}.log`);
    const hostile = [long, `[${"[".repeat(500_000)}`, `Jan  1 00:00:00 ${long}`, `${" ".repeat(500_000)}x`];
    const folder = newFolder(Object.fromEntries(names.map((name) => [name, hostile.join("\n")])));
    const start = performance.now();
    await inProcess(["diagnose", folder]);
    expect(performance.now() - start).toBeLessThan(10_000);
  });
});
