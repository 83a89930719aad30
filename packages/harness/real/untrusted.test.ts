import { lstatSync, mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { slurmlab, withCluster } from "./support/cluster-up.ts";

test("a node that has turned against this machine gets nothing into it", async () => {
  await withCluster(["minimal"], async (look, id) => {
    const cluster = (command: string, ...words: string[]) =>
      slurmlab(["cluster", command, "--cluster", id, ...words]);
    const folder = mkdtempSync(join(tmpdir(), "slurmlab-untrusted-"));

    await look(
      "c1",
      "sh",
      "-c",
      "mkdir /tmp/out; cd /tmp/out; cp /bin/true su; chmod 6777 su; mkfifo pipe; mknod null c 1 3",
    );
    const copied = await cluster("cp", "c1:/tmp/out", folder);
    expect(copied).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining("left out: out/pipe (fifo)"),
    });
    expect(copied.stderr).toContain("left out: out/null (character-device)");
    expect(readdirSync(join(folder, "out"))).toEqual(["su"]);
    expect(lstatSync(join(folder, "out/su")).mode & 0o7000).toBe(0);

    // What tar would take for an option that starts a program.
    writeFileSync(join(folder, "--checkpoint-action=exec=touch owned"), "x");
    expect(
      (await cluster("cp", join(folder, "--checkpoint-action=exec=touch owned"), "c1:/tmp/")).exitCode,
    ).toBe(0);
    expect(await look("c1", "ls", "/tmp")).toContain("--checkpoint-action");

    await look(
      "ctl",
      "sh",
      "-c",
      "printf '\\033[2J\\033]0;owned\\007 here\\n' >> /var/log/slurm/slurmctld.log",
    );
    const logs = await cluster("logs", "slurmctld", "--lines", "3");
    expect(logs.stdout).toContain("\\u001b[2J\\u001b]0;owned\\u0007 here");

    const changed = "printf '#!/bin/sh\\necho \"$1\"\\n' > /usr/local/bin/$0 && chmod 755 /usr/local/bin/$0";
    await look("c1", "sh", "-c", changed.replace('"$1"', "1.2.3.4\\;id"), "getent");
    expect(await slurmlab(["cluster", "env", id])).toMatchObject({
      exitCode: 3,
      stdout: "",
      stderr: expect.stringContaining("c1 says something else than an address"),
    });
    await look("c1", "rm", "/usr/local/bin/getent");
    await look("ctl", "sh", "-c", changed.replace('"$1"', "SLURM_JWT=a.b.\\`id\\`"), "scontrol");
    expect(await slurmlab(["cluster", "env", id])).toMatchObject({
      exitCode: 3,
      stdout: "",
      stderr: expect.stringContaining("ctl says something else than a token"),
    });
  });
});
