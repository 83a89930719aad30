import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, test } from "vitest";

const MAIN = join(import.meta.dirname, "../src/cli/main.ts");

/** `config ...` as a process of its own. Nothing here needs an engine, and none answers. */
async function config(...args: string[]) {
  const { exitCode, stdout, stderr } = await execa(process.execPath, [MAIN, "config", ...args], {
    reject: false,
    env: { DOCKER_HOST: "unix:///nonexistent/docker.sock", SLURMLAB_NO_INSTALL: "1" },
  });
  return { exitCode, stdout: String(stdout), stderr: String(stderr) };
}

/** A folder with these files. */
function folder(files: Readonly<Record<string, string | Uint8Array>> = {}): string {
  const path = mkdtempSync(join(tmpdir(), "slurmlab-config-"));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(path, name, ".."), { recursive: true });
    writeFileSync(join(path, name), content, { mode: 0o600 });
  }
  return path;
}

const SMALL = {
  "slurm.conf": [
    "ClusterName=small",
    "SlurmctldHost=head",
    "AccountingStorageType=accounting_storage/slurmdbd",
    "AccountingStorageHost=head",
    "NodeName=n[1-8] CPUs=4 RealMemory=8000",
    "PartitionName=main Nodes=ALL Default=YES MaxTime=60",
    "",
  ].join("\n"),
  "slurmdbd.conf":
    "DbdHost=head\nStorageType=accounting_storage/mysql\nStoragePass=Tr0ub4dor\nSlurmUser=slurm\n",
  "jwt_hs256.key": "0123456789abcdef-a-secret",
};

describe("bad input ends with 2 and writes nothing", () => {
  test("a folder that is not there", async () => {
    const { exitCode, stderr } = await config("lint", "/nonexistent/etc-slurm");
    expect({ exitCode, stderr }).toEqual({
      exitCode: 2,
      stderr: expect.stringContaining("there is no /nonexistent"),
    });
  });

  test("a folder without a slurm.conf, saying what is in it", async () => {
    const { exitCode, stderr } = await config("import", folder({ "gres.conf": "Name=gpu\n" }));
    expect(stderr).toContain("there is no slurm.conf in the folder, only gres.conf");
    expect(exitCode).toBe(2);
  });

  test("a slurm.conf that is none", async () => {
    const target = join(folder(), "out.yaml");
    const noise = folder({ "slurm.conf": Uint8Array.from({ length: 4000 }, (_, i) => (i * 7919) % 251) });
    const { exitCode, stderr } = await config("import", noise, "--out", target);
    expect(stderr).toContain("this is no slurm.conf");
    expect({ exitCode, written: readdirSync(join(target, "..")) }).toEqual({ exitCode: 2, written: [] });
  });

  test("a file in place of a folder", async () => {
    const path = folder({ "gres.conf": "Name=gpu\n" });
    const { exitCode, stderr } = await config("lint", join(path, "gres.conf"));
    expect({ exitCode, said: stderr.includes("is not a folder") }).toEqual({ exitCode: 2, said: true });
  });

  test.each([
    ["that is a link to nowhere", (at: string) => symlinkSync("/nonexistent/slurm.conf", at), "is a link to"],
    ["that is a folder", (at: string) => mkdirSync(at), "is no regular file"],
    ["that is empty", (at: string) => writeFileSync(at, "\n"), "is empty"],
    [
      "that includes itself alone",
      (at: string) => writeFileSync(at, "Include slurm.conf\n"),
      "includes itself",
    ],
  ])("a slurm.conf %s, with its place", async (_, make, words) => {
    const path = folder();
    make(join(path, "slurm.conf"));
    const { exitCode, stderr } = await config("lint", path);
    expect(stderr).toContain(words);
    expect(stderr).toMatch(/where .*slurm\.conf/);
    expect(exitCode).toBe(2);
  });

  test("a link that leads to no folder", async () => {
    const path = join(folder(), "link");
    symlinkSync("nowhere", path);
    const { exitCode, stderr } = await config("lint", path);
    expect({ exitCode, said: stderr.includes("is a link to nowhere") }).toEqual({ exitCode: 2, said: true });
  });

  test("a file that may not be read", async ({ skip }) => {
    if (process.getuid?.() === 0) skip("root may read everything");
    const path = folder(SMALL);
    chmodSync(join(path, "slurm.conf"), 0);
    const { exitCode, stderr } = await config("lint", path);
    expect({ exitCode, said: stderr.includes("slurm.conf cannot be read") }).toEqual({
      exitCode: 2,
      said: true,
    });
  });

  test("a release that nobody knows, with the nearest", async () => {
    const { exitCode, stderr } = await config("lint", folder(SMALL), "--slurm", "22.50");
    expect({ exitCode, near: stderr.includes("did you mean 22.05?") }).toEqual({ exitCode: 2, near: true });
  });

  test("an upgrade without its other end", async () => {
    expect((await config("lint", folder(SMALL), "--from", "22.05")).exitCode).toBe(2);
  });

  test("a number of nodes that is none", async () => {
    expect((await config("import", folder(SMALL), "--shrink", "0")).exitCode).toBe(2);
  });

  test("a preset or file that there is not", async () => {
    const { exitCode, stderr } = await config("render", "minimla");
    expect({ exitCode, near: stderr.includes('did you mean "minimal"?') }).toEqual({
      exitCode: 2,
      near: true,
    });
  });

  test("a specification with mistakes, each with its place", async () => {
    const path = folder({
      "spec.yaml":
        "nodes:\n  - { name: c1, roles: [slurmd], cpsu: 4 }\npartitions:\n  - { name: a, nodes: c2 }\n",
    });
    const { exitCode, stderr } = await config("render", join(path, "spec.yaml"));
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(
      /spec\.yaml:2:\d+: nodes\[0\]\.cpsu: unknown key "cpsu" \(did you mean "cpus"\?\)/,
    );
  });

  test("a folder that is not empty, unless --force", async () => {
    const path = folder({ "notes.txt": "mine" });
    expect((await config("render", "minimal", "--out", path)).exitCode).toBe(2);
    expect(readdirSync(path)).toEqual(["notes.txt"]);
    expect((await config("render", "minimal", "--out", path, "--force")).exitCode).toBe(0);
    expect(readFileSync(join(path, "notes.txt"), "utf8")).toBe("mine");
  });

  test("a file where a folder is to be written", async () => {
    const path = folder({ out: "mine" });
    const { exitCode, stderr } = await config("render", "minimal", "--out", join(path, "out"), "--force");
    expect({ exitCode, said: stderr.includes("is not a folder") }).toEqual({ exitCode: 2, said: true });
    expect(readFileSync(join(path, "out"), "utf8")).toBe("mine");
  });

  test("a folder that no folder can be made in", async ({ skip }) => {
    if (!existsSync("/proc/self")) skip("/proc is Linux's");
    const { exitCode, stderr } = await config("render", "minimal", "--out", "/proc/slurmlab/etc");
    expect({ exitCode, said: stderr.includes("cannot be written") }).toEqual({ exitCode: 2, said: true });
  });

  test("a folder in the place of one of the files", async () => {
    const path = folder({ "slurmdbd.conf/notes.txt": "mine" });
    const { exitCode, stderr } = await config("render", "minimal", "--out", path, "--force");
    expect({ exitCode, said: stderr.includes("slurmdbd.conf is a folder") }).toEqual({
      exitCode: 2,
      said: true,
    });
    expect(readdirSync(path)).toEqual(["slurmdbd.conf"]);
  });

  test("three releases to compare", async () => {
    expect((await config("diff", "gpu", "gpu", "--slurm", "20.11", "22.05", "26.05")).exitCode).toBe(2);
  });

  test("a file that is there, unless --force", async () => {
    const path = folder({ "out.yaml": "mine" });
    expect((await config("import", folder(SMALL), "--out", join(path, "out.yaml"))).exitCode).toBe(2);
    expect(readFileSync(join(path, "out.yaml"), "utf8")).toBe("mine");
  });
});

describe("a cluster that cannot be started is refused before anything starts", () => {
  test.each([
    ["a site as it is", "defaults: slurm\nnodes: [{ name: c1, roles: [slurmd] }]\n", "--shrink 4"],
    [
      "MySQL, which its suite cannot have",
      "database: mysql\nnodes: [{ name: c1, roles: [slurmd] }]\n",
      "no MySQL on trixie",
    ],
    [
      "MySQL on a node with other roles, whose image has MariaDB",
      'slurm: "26.05"\ndatabase: mysql\nnodes: [{ name: all, roles: [slurmd, database] }]\n',
      "all has database beside slurmd",
    ],
  ])("%s", async (_, spec, words) => {
    const file = join(folder({ "spec.yaml": spec }), "spec.yaml");
    const { exitCode, stderr } = await execa(process.execPath, [MAIN, "cluster", "up", file], {
      reject: false,
      // A command that looked for an engine would end with 3.
      env: { DOCKER_HOST: "unix:///nonexistent/docker.sock", SLURMLAB_NO_INSTALL: "1" },
    });
    expect({ exitCode, said: String(stderr).includes(words) }).toEqual({ exitCode: 2, said: true });
  });
});

describe("render", () => {
  test("writes secrets for the caller alone, and never prints them", async () => {
    const path = join(folder(), "out");
    expect((await config("render", "rest", "--out", path)).exitCode).toBe(0);
    const modes = Object.fromEntries(
      readdirSync(path).map((name) => [name, (statSync(join(path, name)).mode & 0o777).toString(8)]),
    );
    expect(modes).toMatchObject({
      "slurm.conf": "644",
      "slurmdbd.conf": "600",
      "munge.key": "600",
      "jwt_hs256.key": "600",
    });
    const password = /StoragePass=(\S+)/.exec(readFileSync(join(path, "slurmdbd.conf"), "utf8"))?.[1] ?? "";
    expect(password).toMatch(/^[0-9a-f]{36}$/);
    const { stdout } = await config("render", "rest");
    expect(stdout).toContain("StoragePass=(made fresh for each cluster)");
  });

  test("replaces with --force what others may read, and what is a link", async () => {
    const [path, elsewhere] = [folder(), folder({ key: "mine" })];
    writeFileSync(join(path, "slurmdbd.conf"), "");
    chmodSync(join(path, "slurmdbd.conf"), 0o644);
    symlinkSync(join(elsewhere, "key"), join(path, "munge.key"));
    expect((await config("render", "minimal", "--out", path, "--force")).exitCode).toBe(0);
    const modes = ["slurmdbd.conf", "munge.key"].map((name) => lstatSync(join(path, name)).mode & 0o777);
    expect(modes).toEqual([0o600, 0o600]);
    expect(readFileSync(join(elsewhere, "key"), "utf8")).toBe("mine");
  });

  test("gives 20.11 no key for cgroup v2, which it does not know", async () => {
    const { stdout } = await config("render", "minimal", "--slurm", "20.11");
    expect(stdout).not.toContain("IgnoreSystemd");
  });

  test("gives what a release takes: 20.11 gets no CgroupPlugin", async () => {
    const [old, now] = [
      await config("render", "minimal", "--slurm", "20.11"),
      await config("render", "minimal", "--slurm", "26.05"),
    ];
    expect([old, now].map(({ stdout }) => /^CgroupPlugin=/m.test(stdout))).toEqual([false, true]);
  });
});

describe("diff", () => {
  test("of the same specification is 0 and says so", async () => {
    const { exitCode, stdout } = await config("diff", "gpu", "gpu");
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: "both give the same files" });
  });

  test("of two releases is 1 and shows the lines", async () => {
    const { exitCode, stdout } = await config("diff", "minimal", "minimal", "--slurm", "20.11", "24.11");
    expect({ exitCode, line: stdout.includes("+CgroupPlugin=cgroup/v2") }).toEqual({
      exitCode: 1,
      line: true,
    });
  });
});

describe("lint", () => {
  test("is 0 for a folder with nothing wrong", async () => {
    const { exitCode, stdout } = await config("lint", folder(SMALL), "--slurm", "24.11");
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: expect.stringContaining("nothing found") });
  });

  test("is 1 for an error, with place, what to write, and what the daemon says", async () => {
    const path = folder({ ...SMALL, "slurm.conf": `${SMALL["slurm.conf"]}SlurmdTimeuot=300\n` });
    const { exitCode, stdout } = await config("lint", path, "--slurm", "24.11");
    expect(exitCode).toBe(1);
    expect(stdout).toContain(
      `${join(path, "slurm.conf")}:7:1: error: Slurm 24.11 knows no SlurmdTimeuot in slurm.conf`,
    );
    expect(stdout).toContain("did you mean SlurmdTimeout?");
    expect(stdout).toContain("Parsing error at unrecognized key: SlurmdTimeuot");
  });

  test("is 0 for a warning, and 1 with --strict", async () => {
    const path = folder({ ...SMALL, "slurm.conf": `${SMALL["slurm.conf"]}KillWait=30\nKillWait=30\n` });
    expect((await config("lint", path)).exitCode).toBe(0);
    expect((await config("lint", path, "--strict")).exitCode).toBe(1);
  });

  test("says which file was not read, as it is a link to nowhere", async () => {
    const path = folder(SMALL);
    symlinkSync("/nonexistent/gres.conf", join(path, "gres.conf"));
    const { exitCode, stdout } = await config("lint", path);
    expect(stdout).toContain(`${join(path, "gres.conf")}:1:1: warning: gres.conf is a link to`);
    expect(exitCode).toBe(0);
  });

  test("judges modes, but not in a git checkout, which keeps none", async () => {
    const path = folder(SMALL);
    chmodSync(join(path, "slurmdbd.conf"), 0o644);
    expect((await config("lint", path)).stdout).toContain("slurmdbd.conf has mode 644");
    mkdirSync(join(path, ".git"));
    expect((await config("lint", path)).stdout).toContain("nothing found");
  });

  test("of an upgrade outside the window is 1 and names the ladder", async () => {
    const { exitCode, stdout } = await config("lint", folder(SMALL), "--from", "22.05", "--to", "24.11");
    expect({ exitCode, ladder: /ladder +22\.05 > 23\.11 > 24\.11/.test(stdout) }).toEqual({
      exitCode: 1,
      ladder: true,
    });
  });

  test("with --json is data, and nothing else", async () => {
    const path = folder({ ...SMALL, "slurm.conf": `${SMALL["slurm.conf"]}Nonsense=1\n` });
    const { stdout } = await config("lint", path, "--json");
    expect(JSON.parse(stdout)).toMatchObject({
      errors: 1,
      warnings: 0,
      problems: [{ code: "unknown-key", place: { line: 7, column: 1 } }],
    });
  });
});

describe("import", () => {
  test("never copies a secret, and says so", async () => {
    const path = folder(SMALL);
    for (const flags of [[], ["--shrink", "2"], ["--json"]]) {
      const { stdout, stderr } = await config("import", path, ...flags);
      expect(`${stdout}${stderr}`).not.toMatch(/Tr0ub4dor|a-secret/);
      expect(`${stdout}${stderr}`).toMatch(/a secret is never copied/);
    }
  });

  test("gives a specification that renders back to what it was", async () => {
    const target = join(folder(), "site.yaml");
    expect((await config("import", folder(SMALL), "--slurm", "24.11", "--out", target)).exitCode).toBe(0);
    const { stdout } = await config("render", target);
    for (const line of SMALL["slurm.conf"].trim().split("\n")) expect(stdout).toContain(line);
  });

  test("shrunk, is a cluster for the lab with so many workers", async () => {
    const { stdout, stderr, exitCode } = await config("import", folder(SMALL), "--shrink", "3");
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^ +- name: n\[1,5,8\]$/m);
    expect(stderr).toContain("3 of 8 are kept: n[1,5,8]");
  });
});
