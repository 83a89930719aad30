import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { newFolder, withCluster } from "./support/cluster-up.ts";

// Each preset on one release (minimal in minimal.test.ts), and all releases among them. What a preset writes for each release is config-gen's own tests'
// to show, and that each release starts at all the sites'.
test.concurrent("gpu on 20.11 has its GPUs, of both types", async () => {
  await withCluster(["gpu", "--slurm", "20.11"], async (look) => {
    const gres = await look("login", "sinfo", "-h", "-N", "-o", "%n %G");
    expect(gres.replace(/\(.*?\)/g, "")).toMatch(/^g1 gpu:a100:4$/m);
    expect(gres).toMatch(/^g2 .*gpu:t4:/m);
  });
});

test.concurrent("ha on 22.05 has two controllers, and the second one stands by", async () => {
  await withCluster(["ha", "--slurm", "22.05"], async (look) => {
    const ping = await look("login", "scontrol", "ping");
    expect(ping).toMatch(/\(primary\) at ctl1 is UP/);
    expect(ping).toMatch(/\(backup1?\) at ctl2 is UP/);
  });
});

test.concurrent("accounting on 24.11 has its accounts, QOS, limits and reservation", async () => {
  await withCluster(["accounting", "--slurm", "24.11"], async (look) => {
    const accounts = await look("ctl", "sacctmgr", "-n", "-P", "show", "account", "format=account");
    expect(accounts.split("\n")).toEqual(expect.arrayContaining(["biology", "physics", "teaching"]));
    expect(await look("ctl", "scontrol", "-o", "show", "reservation")).toMatch(/ReservationName=lecture /);
    expect(await look("ctl", "scontrol", "show", "config")).toMatch(/AccountingStorageEnforce = .*limits/);
  });
});

// 68 containers are started at once, and taken down again: minutes on two slow cores.
const LARGE_MS = 900_000;

test("large on 24.11 has its 64 workers under three switches", { timeout: LARGE_MS }, async () => {
  await withCluster(["large", "--slurm", "24.11"], async (look) => {
    const states = (await look("login", "sinfo", "-h", "-N", "-p", "batch,himem,gpu", "-o", "%n %t"))
      .trim()
      .split("\n");
    expect(states.filter((line) => line.endsWith(" idle")).length).toBe(64);
    const tree = await look("login", "scontrol", "show", "topology");
    expect(tree).toMatch(/SwitchName=spine Level=1 .*Switches=leaf\[1-3\]/);
  });
});

const MODERN = `
auth: slurm
configless: true
nodes:
  - { name: "n[1-4]", roles: [slurmd], cpus: 8, features: [fast], gpus: { type: a100, count: 2, mode: mock, shards: 4 } }
nodeSets: [{ name: quick, feature: fast }]
partitions: [{ name: main, nodes: quick, slurm: { MaxTime: 60 } }]
licenses: { matlab: 2 }
topology: { block: { sizes: [2], blocks: [{ name: b1, nodes: "n[1-2]" }, { name: b2, nodes: "n[3-4]" }] } }
scripts:
  prolog: touch /tmp/prolog-ran
  jobSubmit: |
    function slurm_job_submit(job, parts, uid)
      job.comment = "seen by lua"
      return slurm.SUCCESS
    end
    function slurm_job_modify(job, rec, parts, uid) return slurm.SUCCESS end
    return slurm.SUCCESS
`;

test("auth/slurm, configless, blocks, shards, licences, a prolog and job_submit.lua work together on 26.05", async () => {
  const spec = join(newFolder(), "modern.yaml");
  writeFileSync(spec, `${MODERN}slurm: "26.05"\n`);
  await withCluster([spec], async (look) => {
    const job = (
      await look("login", "sbatch", "--parsable", "--gres=shard:1", "-L", "matlab:1", "--wrap=hostname")
    ).trim();
    expect(await look("login", "scontrol", "-o", "show", "job", job)).toMatch(
      / Licenses=matlab(:1)? .*Comment=seen by lua/,
    );
    expect(await look("login", "scontrol", "show", "config")).toMatch(/AuthType +=.auth\/slurm/);
    expect(await look("login", "scontrol", "show", "topology")).toMatch(/BlockName=b2 /);
    expect(await look("n1", "ls", "/tmp/prolog-ran")).toBe("/tmp/prolog-ran\n");
    await expect(look("n1", "ls", "/etc/slurm/slurm.conf")).rejects.toThrow(/No such file/);
  });
});

test("nodes that share machines are up, each by its own name, and run a job together", async () => {
  const spec = join(newFolder(), "packed.yaml");
  writeFileSync(spec, 'nodes: [{ name: "n[1-6]", roles: [slurmd], cpus: 1, packed: 3 }]\n');
  await withCluster([spec], async (look) => {
    expect(await look("login", "sinfo", "-h", "-o", "%D %t %N")).toBe("6 idle n[1-6]\n");
    const hosts = (await look("login", "srun", "-N6", "hostname")).trim().split("\n").sort();
    expect(hosts).toEqual(["n-pack1", "n-pack1", "n-pack1", "n-pack2", "n-pack2", "n-pack2"]);
    expect(await look("n-pack2", "ls", "/var/log/slurm")).toMatch(/^slurmd-n6\.log$/m);
  });
});
