import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { DockerEngine } from "../src/engine/docker.ts";
import type { Engine } from "../src/engine/engine.ts";
import { snapshotTag } from "../src/snapshot/record.ts";
import { type Look, slurmlab, withCluster } from "./support/cluster-up.ts";

const NAME = `test-${randomBytes(4).toString("hex")}`;

let engine: Engine;
beforeAll(async () => {
  engine = await DockerEngine.connect({ socketPath: inject("socket") });
});
afterAll(() => engine.removeImage(snapshotTag(NAME)));

/** What a cluster's own secrets are in it: a key's bytes, and slurmdbd's password. */
type Secret = Buffer;

describe("a snapshot of a cluster with a past", () => {
  const secrets: Secret[] = [];

  test("is refused while a job runs, and taken when none does; the cluster goes on", async () => {
    await withCluster(["minimal"], async (look, id) => {
      await look("ctl", "sacctmgr", "-i", "add", "account", "physics");
      await asAda(look, "echo kept > mine && sbatch --hold --wrap 'echo later'");
      await asAda(look, "srun --job-name=before hostname");
      await look(
        "ctl",
        ...["scontrol", "create", "reservation", "reservationname=work", "starttime=tomorrow"],
        ...["duration=60", "nodes=c1", "users=ada"],
      );
      for (const path of ["/etc/munge/munge.key", "/etc/slurm/jwt_hs256.key"])
        secrets.push(Buffer.from(await look("ctl", "base64", "-w0", path), "base64"));
      const password = /^StoragePass=(.+)$/m.exec(await look("dbd", "cat", "/etc/slurm/slurmdbd.conf"))?.[1];
      secrets.push(Buffer.from(password ?? ""));

      const job = await asAda(look, "sbatch --parsable --time=1 --wrap 'sleep 60'");
      await expect
        .poll(() => look("login", "squeue", "-h", "-j", job.trim(), "-o", "%T"), { timeout: 20_000 })
        .toBe("RUNNING\n");
      const refused = await slurmlab(["cluster", "snapshot", NAME, "--cluster", id]);
      expect(refused).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("a job runs") });
      await look("ctl", "scancel", job.trim());
      await expect
        .poll(() => look("login", "squeue", "-h", "-t", "R,CG", "-o", "%A"), { timeout: 20_000 })
        .toBe("");

      const taken = await slurmlab(["cluster", "snapshot", NAME, "--cluster", id, "--json"]);
      expect(taken).toMatchObject({ exitCode: 0 });
      expect(JSON.parse(taken.stdout)).toMatchObject({
        name: NAME,
        jobs: { queued: 1 },
        nodes: { c1: "IDLE" },
      });
      expect(await asAda(look, "srun --time=1 hostname")).toBe("c1\n");
    });
  });

  test("has none of the cluster's secrets", async () => {
    expect(secrets.map(({ length }) => length)).toEqual([128, 32, expect.any(Number)]);
    expect(secrets[2]?.length).toBeGreaterThan(10);
    expect(await secretsIn(await engine.saveImages([snapshotTag(NAME)]), secrets)).toEqual([]);
  });

  test("is not taken over by another one unless it is told to", async () => {
    await withCluster(["minimal"], async (_, id) => {
      const again = await slurmlab(["cluster", "snapshot", NAME, "--cluster", id]);
      expect(again).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("there is a snapshot") });
    });
  });

  test("is what several clusters go on from at once, each with keys of its own", async () => {
    const keys = new Set<string>();
    const goOn = () =>
      withCluster(["--from", NAME], async (look) => {
        expect(await look("login", "cat", "/home/ada/mine")).toBe("kept\n");
        expect(await look("login", "squeue", "-h", "-o", "%T %r %u")).toBe("PENDING JobHeldUser ada\n");
        expect(await look("ctl", "scontrol", "-o", "show", "reservation")).toContain("ReservationName=work");
        expect(await look("ctl", "sacctmgr", "-nP", "show", "account", "physics", "format=account")).toBe(
          "physics\n",
        );
        const past = await jobBefore(look, "JobID,State");
        expect(past).toMatch(/^\d+\|COMPLETED\n$/);
        const next = await asAda(look, "sbatch --parsable --time=1 --wrap hostname");
        expect(Number(next)).toBeGreaterThan(Number(past.split("|")[0]));
        keys.add(await look("ctl", "base64", "-w0", "/etc/munge/munge.key"));
      });
    await Promise.all([goOn(), goOn()]);
    expect(keys.size).toBe(2);
    expect([...keys]).not.toContain(secrets[0]?.toString("base64"));
  });

  test("is what a newer release goes on from, with its own tables", async () => {
    await withCluster(["--from", NAME, "--slurm", "26.05"], async (look) => {
      expect(await look("ctl", "slurmctld", "-V")).toContain("26.05");
      const past = await jobBefore(look, "State");
      expect(past).toBe("COMPLETED\n");
      expect(await look("login", "squeue", "-h", "-o", "%T %r %u")).toBe("PENDING JobHeldUser ada\n");
    });
  });

  test("is no way back to an older release", async () => {
    const back = await slurmlab(["cluster", "up", "--from", NAME, "--slurm", "22.05"]);
    expect(back).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("Slurm takes nothing back") });
  });
});

/** A line of shell as an ordinary user. */
function asAda(look: Look, line: string): Promise<string> {
  return look("login", "chpst", "-u", "ada:ada", "env", "HOME=/home/ada", "sh", "-c", `cd && ${line}`);
}

/** The row in accounting of the job that ran before the snapshot was taken. */
function jobBefore(look: Look, columns: string): Promise<string> {
  return look("login", "sacct", "-aXnP", "-S", "2020-01-01", "--name=before", "-o", columns);
}

/** Which of the secrets are in a stream, as they are or in base64 or hexadecimal digits. */
async function secretsIn(stream: AsyncIterable<Buffer>, secrets: readonly Secret[]): Promise<string[]> {
  const wanted = secrets.flatMap((secret) => [
    secret,
    Buffer.from(secret.toString("base64").slice(0, 40)),
    Buffer.from(secret.toString("hex").slice(0, 40)),
  ]);
  const longest = Math.max(...wanted.map(({ length }) => length));
  const found = new Set<string>();
  let rest = Buffer.alloc(0);
  for await (const chunk of stream) {
    const seen = Buffer.concat([rest, chunk]);
    for (const [i, secret] of wanted.entries())
      if (seen.includes(secret)) found.add(`secret ${Math.floor(i / 3)}`);
    rest = seen.subarray(-longest);
  }
  return [...found];
}
