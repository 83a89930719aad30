import { mkdtempSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, inject, test } from "vitest";
import { DockerEngine } from "../src/engine/docker.ts";
import { slurmlab, withCluster } from "./support/cluster-up.ts";

test("minimal comes up, and people can work in it", async () => {
  await withCluster(["minimal"], async (look, id) => {
    expect(await look("login", "sinfo", "-h", "-o", "%n %t")).toBe("c1 idle\n");
    await peopleCanWork(id);
    await nobodyHasMoreThanTheTableSays(id);
  });
});

/** What is looked at of Docker's answer. */
interface Inspected {
  readonly HostConfig: {
    readonly CapAdd: readonly string[] | null;
    readonly CapDrop: readonly string[];
    readonly Privileged: boolean;
    readonly PortBindings: object | null;
    readonly Devices: readonly unknown[] | null;
    readonly PidMode: string;
    readonly UTSMode: string;
    readonly IpcMode: string;
    readonly NetworkMode: string;
  };
  readonly Mounts: ReadonlyArray<{ readonly Type: string }>;
}

/** Asks the engine, and compares with docs/privileges.md. */
async function nobodyHasMoreThanTheTableSays(id: string): Promise<void> {
  const table = readFileSync(join(import.meta.dirname, "../../../docs/privileges.md"), "utf8");
  const rows = [...table.matchAll(/^\| (?:`(\w+)`|(every node)) \| `(\w+)` \|/gm)];
  const engine = await DockerEngine.connect({ socketPath: inject("socket") });
  const parts = await engine.listOwned();
  const containers = parts.filter(
    ({ kind, labels }) => kind === "container" && labels["slurmlab.cluster"] === id,
  );
  expect(containers.length).toBeGreaterThan(3);
  for (const container of containers) {
    const roles = (container.labels["slurmlab.roles"] ?? "").split(",");
    const allowed = rows
      .filter(([, role, every]) => every || roles.includes(role ?? ""))
      .map(([, , , name]) => name);
    const { HostConfig: given, Mounts } = (await engine.inspectContainer(container.id)) as Inspected;
    expect({
      capabilities: (given.CapAdd ?? []).map((name) => name.replace(/^CAP_/, "")).sort(),
      dropped: given.CapDrop,
      privileged: given.Privileged,
      published: given.PortBindings ?? {},
      folders: Mounts.filter(({ Type }) => Type !== "volume"),
      devices: given.Devices ?? [],
      names: [given.PidMode, given.UTSMode, given.IpcMode].filter((mode) => mode === "host"),
      network: given.NetworkMode,
    }).toEqual({
      capabilities: allowed.sort(),
      dropped: ["ALL"],
      privileged: false,
      published: {},
      folders: [],
      devices: [],
      names: [],
      network: `slurmlab-${id}`,
    });
  }
}

async function peopleCanWork(id: string): Promise<void> {
  const cluster = (...words: string[]) => slurmlab(["cluster", ...words]);
  const exec = (...words: string[]) => cluster("exec", "--cluster", id, ...words);
  expect((await exec("--user", "ada", "login", "sh", "-c", "whoami; pwd; echo $HOME")).stdout).toBe(
    "ada\n/home/ada\n/home/ada",
  );
  // What stands behind the program is the program's, and so is the exit code.
  expect(await exec("c1", "sh", "-c", "echo told >&2; exit 7")).toMatchObject({
    exitCode: 7,
    stderr: "told",
  });
  expect((await exec("c1", "--", "hostname")).stdout).toBe("c1");
  expect((await exec("login", "srun", "--user", "x", "true")).stderr).toMatch(/unrecognized option .--user/);
  expect(await exec("c9", "true")).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('no node "c9"'),
  });
  expect(await cluster("shell", "--cluster", id)).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining("a shell is for a person at a terminal"),
  });

  const folder = mkdtempSync(join(tmpdir(), "slurmlab-cp-"));
  const [file, back] = [join(folder, "a file"), join(folder, "back")];
  writeFileSync(file, "carried\n");
  expect((await cluster("cp", "--cluster", id, file, "login:/tmp/there")).exitCode).toBe(0);
  expect((await cluster("cp", "--cluster", id, "login:/tmp/there", back)).exitCode).toBe(0);
  expect(readFileSync(back, "utf8")).toBe("carried\n");

  expect((await cluster("pause", id)).exitCode).toBe(0);
  const paused = await cluster("status", id);
  expect({ code: paused.exitCode, said: paused.stdout }).toEqual({
    code: 1,
    said: expect.stringMatching(/^c1 +slurmd +paused/m),
  });
  expect((await cluster("resume", id)).exitCode).toBe(0);
  const well = await cluster("status", id);
  expect({ code: well.exitCode, said: well.stdout }).toEqual({
    code: 0,
    said: expect.stringMatching(/^c1 +slurmd +running +munged slurmd +IDLE$/m),
  });
  const { stdout: exported } = await cluster("env", id, "--out", join(folder, "client"));
  expect(exported).toMatch(/^export SLURM_JWT=ey\S+$/m);
  expect(statSync(join(folder, "client/munge.key")).mode & 0o777).toBe(0o600);

  const logs = await cluster("logs", "slurmctld", "--cluster", id, "--lines", "5");
  expect(logs.stdout.split("\n")).toHaveLength(5);
  expect(logs.stdout).toMatch(/^\S+ +ctl +slurmctld +/m);
  const followed = slurmlab(["cluster", "logs", "slurmctld", "--cluster", id, "--lines", "0", "--follow"]);
  const seen = new Promise<void>((resolve) => {
    followed.stdout.on("data", (text) => {
      if (/debug3|Set debug level|slurmctld debug level/i.test(String(text))) resolve();
    });
  });
  // Said again and again, as the first may come before there is anybody to see it.
  const saying = setInterval(() => void exec("ctl", "scontrol", "setdebug", "debug3"), 1_000);
  await seen;
  clearInterval(saying);
  followed.kill("SIGINT");
  expect((await followed).exitCode).toBe(130);
}
