import { beforeAll, describe, expect, inject, test } from "vitest";
import { DockerEngine } from "../src/engine/docker.ts";
import type { Engine } from "../src/engine/engine.ts";
import { LABEL } from "../src/engine/labels.ts";
import { type Look, slurmlab, withCluster } from "./support/cluster-up.ts";

let engine: Engine;
beforeAll(async () => {
  engine = await DockerEngine.connect({ socketPath: inject("socket") });
});

/** A job of ada's, once it is RUNNING. */
async function running(look: Look, ...options: string[]): Promise<string> {
  const argv = ["env", "HOME=/home/ada", "sbatch", "--parsable", "--chdir=/home/ada", ...options];
  const job = (await look("login", "chpst", "-u", "ada:ada", ...argv)).trim();
  await expect.poll(() => stateOf(look, job), { timeout: 20_000 }).toBe("RUNNING");
  return job;
}

async function stateOf(look: Look, job: string): Promise<string> {
  return (await look("login", "scontrol", "-o", "show", "job", job)).match(/JobState=(\S+)/)?.[1] ?? "";
}

async function nodes(look: Look): Promise<string> {
  return await look("login", "sinfo", "--noheader", "--Node", "--format=%N %T");
}

const until = (file: string) => `--wrap=while [ ! -e ${file} ]; do sleep 0.1; done`;

describe("a running cluster", () => {
  test("gets a worker and loses it, and what runs goes on", async () => {
    await withCluster(["minimal"], async (look, id) => {
      const scale = (...args: string[]) => slurmlab(["cluster", "scale", ...args, "--cluster", id]);
      const inEngine = async () =>
        (await engine.listOwned())
          .filter(({ labels }) => labels[LABEL.cluster] === id)
          .map(({ kind, name, labels }) =>
            labels[LABEL.node] ? `${kind} of ${labels[LABEL.node]}` : `${kind} ${name}`,
          )
          .filter((part) => !part.startsWith("volume "))
          .sort();
      const before = await inEngine();
      const stays = await running(look, until("end-first"));
      await look("ctl", "sed", "-i", "s/^ClusterName=.*/&\\nMaxJobCount=777/", "/etc/slurm/slurm.conf");

      const more = await scale("c[1-2]", "--json");
      expect(more).toMatchObject({ exitCode: 0 });
      expect(JSON.parse(more.stdout)).toMatchObject({ added: ["c2"], removed: [], workers: ["c1", "c2"] });
      expect(await nodes(look)).toBe("c1 mixed\nc2 idle\n");
      expect(await look("login", "srun", "--nodelist=c2", "hostname")).toBe("c2\n");
      expect(await look("ctl", "scontrol", "show", "config")).toMatch(/MaxJobCount\s+= 777/);
      expect(await slurmlab(["cluster", "status", id])).toMatchObject({ exitCode: 0 });
      expect(await slurmlab(["cluster", "exec", "--cluster", id, "c2", "hostname"])).toMatchObject({
        stdout: "c2",
      });

      const leaves = await running(look, "--nodelist=c2", until("end-second"));
      const refused = await scale("1");
      expect(refused).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(`job ${leaves}`) });
      expect(await nodes(look)).toBe("c1 mixed\nc2 mixed\n");

      const draining = scale("1", "--drain");
      await expect.poll(() => nodes(look), { timeout: 20_000 }).toBe("c1 mixed\nc2 draining\n");
      await look("login", "touch", "/home/ada/end-second");
      expect(await draining).toMatchObject({
        exitCode: 0,
        stdout: expect.stringContaining(`${id}: removed c2; workers c1`),
      });
      expect(await nodes(look)).toBe("c1 mixed\n");
      expect(await inEngine()).toEqual(before);
      expect(await look("c1", "cat", "/etc/slurm/slurm.conf", "/etc/hosts")).not.toMatch(/c2|c\[1-2\]/);

      expect(await stateOf(look, stays)).toBe("RUNNING");
      await look("login", "touch", "/home/ada/end-first");
      await expect.poll(() => stateOf(look, stays), { timeout: 20_000 }).toBe("COMPLETED");
      const accounted = await look("login", "sacct", "-aXnPo", "state,nodelist", "-j", `${stays},${leaves}`);
      expect(accounted).toBe("COMPLETED|c1\nCOMPLETED|c2\n");
    });
  });

  test("is what it was when a change cannot be, or somebody has thought better of it", async () => {
    await withCluster(["ha"], async (look, id) => {
      const scale = (...args: string[]) => slurmlab(["cluster", "scale", ...args, "--cluster", id]);
      const conf = () => look("ctl1", "cat", "/etc/slurm/slurm.conf", "/etc/slurmlab/spec.json");
      const before = await conf();
      const job = await running(look, "--nodelist=c2", "--wrap=sleep 600");
      const draining = scale("1", "--drain");
      await expect.poll(() => nodes(look), { timeout: 20_000 }).toBe("c1 idle\nc2 draining\n");
      draining.kill("SIGINT");
      expect(await draining).toMatchObject({ exitCode: 130 });
      // To slurmctld it has to answer a ping first.
      await expect.poll(() => nodes(look), { timeout: 20_000 }).toBe("c1 idle\nc2 mixed\n");
      expect(await stateOf(look, job)).toBe("RUNNING");
      expect(await conf()).toBe(before);

      // A new worker gets the key that is there now, and slurmctld has another one: it never comes up.
      const names = () => look("c1", "cat", "/etc/hosts", "/etc/slurm/slurm.conf");
      const namesBefore = await names();
      await look("c1", "cp", "--preserve", "/etc/munge/munge.key", "/root/munge.key");
      await look("c1", "dd", "if=/dev/urandom", "of=/etc/munge/munge.key", "bs=128", "count=1");
      const coming = scale("+1");
      let said = "";
      coming.stdout?.on("data", (text) => {
        said += text;
      });
      await expect.poll(() => said, { timeout: 60_000 }).toContain("waiting for c3");
      await expect.poll(names, { timeout: 20_000 }).toContain("c[1-3]");
      coming.kill("SIGINT");
      expect(await coming).toMatchObject({ exitCode: 130 });
      await look("c1", "mv", "/root/munge.key", "/etc/munge/munge.key");
      expect(await conf()).toBe(before);
      expect(await names()).toBe(namesBefore);
      expect(await nodes(look)).toBe("c1 idle\nc2 mixed\n");
      expect(
        (await engine.listOwned()).filter(
          ({ labels }) => labels[LABEL.node] === "c3" && labels[LABEL.cluster] === id,
        ),
      ).toEqual([]);

      await look("c1", "sed", "-i", "s/^NodeName=.*/& Weight=7/", "/etc/slurm/slurm.conf");
      const refused = await scale("+1");
      expect(refused).toMatchObject({
        exitCode: 2,
        stderr: expect.stringContaining("where its nodes are named"),
      });
      expect(await conf()).toBe(before);

      await look("c1", "sed", "-i", "s/ Weight=7//", "/etc/slurm/slurm.conf");
      expect(await scale("1", "--force")).toMatchObject({ exitCode: 0 });
      expect(await nodes(look)).toBe("c1 idle\n");
      expect(await stateOf(look, job)).toBe("NODE_FAIL");
      // The backup knows it, too.
      await look("ctl1", "sv", "down", "slurmctld");
      await look("ctl2", "scontrol", "takeover");
      await expect.poll(() => look("login", "scontrol", "ping"), { timeout: 30_000 }).toMatch(/ctl2 is UP/);
      await expect.poll(() => nodes(look), { timeout: 30_000 }).toBe("c1 idle\n");
    });
  });
});
