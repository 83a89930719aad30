import { describe, expect, test } from "vitest";
import { type ConfigFile, renderBundle } from "../src/index.ts";
import { planOf } from "./support/plan.ts";
import { type Example, FAKE_SECRETS, gpu, hello } from "./support/specs.ts";

const bundleOf = ({ spec, ground }: Example, secrets = FAKE_SECRETS) =>
  renderBundle(planOf(spec), ground, secrets);
const byName = (file: ConfigFile) => [file.path.split("/").at(-1), file] as const;
const files = Object.fromEntries(bundleOf(gpu).map(byName));

const SLURM = ["slurmctld", "slurmdbd", "slurmd", "login"];

test.each([
  ["slurm.conf", "/etc/slurm/slurm.conf", "root:root", 0o644, false, [...SLURM, "slurmrestd"]],
  ["gres.conf", "/etc/slurm/gres.conf", "root:root", 0o644, false, SLURM],
  ["cgroup.conf", "/etc/slurm/cgroup.conf", "root:root", 0o644, false, SLURM],
  ["slurmdbd.conf", "/etc/slurm/slurmdbd.conf", "slurm:slurm", 0o600, true, ["slurmdbd"]],
  ["munge.key", "/etc/munge/munge.key", "munge:munge", 0o400, true, SLURM],
  ["jwt_hs256.key", "/etc/slurm/jwt_hs256.key", "slurm:slurm", 0o600, true, ["slurmctld", "slurmdbd"]],
  ["database.sql", "/etc/slurmlab/database.sql", "mysql:mysql", 0o400, true, ["database"]],
])("%s is where its reader looks, and readable by no one else", (name, path, owner, mode, secret, roles) => {
  const { content: _, ...rest } = files[name] ?? { content: "" };
  expect(rest).toEqual({ path, owner, mode, secret, roles });
});

test("there is no other file", () => {
  expect(Object.keys(files)).toHaveLength(7);
});

test("a cluster without GPUs has no gres.conf", () => {
  expect(bundleOf(hello).map(({ path }) => path)).not.toContain("/etc/slurm/gres.conf");
});

test("the keys are the bytes that were given", () => {
  expect([files["munge.key"]?.content, files["jwt_hs256.key"]?.content]).toEqual([
    FAKE_SECRETS.mungeKey,
    FAKE_SECRETS.jwtKey,
  ]);
});

describe("secrets", () => {
  const open = (["none", "v1", "v2"] as const).flatMap((cgroup) =>
    bundleOf({ ...gpu, ground: { ...gpu.ground, cgroup } }).filter((file) => !file.secret),
  );
  const written = (key: Uint8Array) => {
    const bytes = Buffer.from(key);
    return [bytes.toString("utf8"), bytes.toString("hex"), bytes.toString("base64")];
  };

  test.each([
    ["password", [FAKE_SECRETS.databasePassword]],
    ["munge key", written(FAKE_SECRETS.mungeKey)],
    ["jwt key", written(FAKE_SECRETS.jwtKey)],
  ])("no open file has the %s in it", (_, forms) => {
    const text = open
      .map(({ content }) => Buffer.from(content).toString("utf8"))
      .join("\n")
      .toLowerCase();
    expect(forms.filter((form) => text.includes(form.toLowerCase()))).toEqual([]);
  });

  test("slurmdbd and the database are told the same password", () => {
    expect(files["slurmdbd.conf"]?.content).toContain(`StoragePass=${FAKE_SECRETS.databasePassword}\n`);
    expect(files["database.sql"]?.content).toContain(`IDENTIFIED BY '${FAKE_SECRETS.databasePassword}';\n`);
  });

  test.each(["", "it's", "a b", "a#b", "a\nb", "ä"])(
    "the password %j, which a file would garble, is refused",
    (p) => {
      expect(() => bundleOf(hello, { ...FAKE_SECRETS, databasePassword: p })).toThrow("alphanumeric");
    },
  );
});

test("what the database runs at each start bears repeating, one statement a line", () => {
  const lines = String(files["database.sql"]?.content).trimEnd().split("\n");
  expect(
    lines.filter(
      (line) =>
        !/^(CREATE \w+ IF NOT EXISTS|GRANT|SET @remove = IF|PREPARE remove|EXECUTE remove)[^;]*;$/.test(line),
    ),
  ).toEqual([]);
});

test("the same input gives the same bytes", () => {
  expect(bundleOf(structuredClone(gpu))).toEqual(bundleOf(gpu));
});

test("overrides reach each of the three files that take them", () => {
  const overrides = {
    "slurm.conf": { KillWait: 7 },
    "slurmdbd.conf": { DebugLevel: "debug5" },
    "cgroup.conf": { ConstrainCores: "yes" },
  };
  const all = Object.fromEntries(bundleOf({ ...gpu, spec: { ...gpu.spec, overrides } }).map(byName));
  expect(all["slurm.conf"]?.content).toContain("\nKillWait=7\n");
  expect(all["slurmdbd.conf"]?.content).toContain("\nDebugLevel=debug5\n");
  expect(all["cgroup.conf"]?.content).toContain("\nConstrainCores=yes\n");
});

test("on cgroup v2, slurmd is told to make its scopes without systemd", () => {
  const all = bundleOf({ ...gpu, ground: { ...gpu.ground, cgroup: "v2" } });
  expect(Object.fromEntries(all.map(byName))["cgroup.conf"]?.content).toMatch(
    /^CgroupPlugin=cgroup\/v2$[\s\S]*^IgnoreSystemd=yes$/m,
  );
});
