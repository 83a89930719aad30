import { type ClusterPlan, planCluster, renderBundle } from "@slurmlab/config-gen";
import { describe, expect, test } from "vitest";
import { containerSpec } from "../src/cluster/container-spec.ts";
import { filesFor } from "../src/cluster/files.ts";
import { parseFacts } from "../src/cluster/ground.ts";
import { decideStorage } from "../src/cluster/storage.ts";
import { ownersFiles } from "../src/cluster/volumes.ts";

const NO_NFS = { noNfs: "mount: unknown filesystem type 'nfs4'." };

type Nfs = ClusterPlan["nfs"];

function planOf(storage: "auto" | "volume" | "nfs", nfs: Nfs = {}): ClusterPlan {
  const planned = planCluster(
    { storage, nfs, nodes: [{ name: "c1", roles: ["slurmd"] }] },
    { defaultSlurm: "24.11" },
  );
  if (!planned.ok) throw new Error("the test's own cluster is wrong");
  return planned.plan;
}

describe("storage", () => {
  const decided = (storage: "auto" | "volume" | "nfs", facts: { noNfs?: string }) => {
    const said: string[] = [];
    const { nodes, ...plan } = decideStorage(planOf(storage), facts, (line) => said.push(line));
    return { storage: plan.storage, server: nodes.some(({ roles }) => roles.includes("nfs")), said };
  };

  test("auto is NFS where a node can mount it", () => {
    expect(decided("auto", {})).toEqual({ storage: "nfs", server: true, said: ["/home by NFS"] });
  });

  test("auto is a volume where none can, without a server, and says why", () => {
    expect(decided("auto", NO_NFS)).toEqual({
      storage: "volume",
      server: false,
      said: ["/home on a volume: mount: unknown filesystem type 'nfs4'."],
    });
  });

  test("nfs is refused where no node can mount it, with the kernel's words and the way out", () => {
    expect(() => decided("nfs", NO_NFS)).toThrow(
      expect.objectContaining({
        kind: "bad-input",
        seen: NO_NFS.noNfs,
        hint: expect.stringContaining("volume"),
      }),
    );
  });

  test("says so when the controllers' state is to be there, too", () => {
    const said: string[] = [];
    decideStorage(planOf("auto", { state: true }), {}, (line) => said.push(line));
    decideStorage(planOf("auto", { state: true }), NO_NFS, (line) => said.push(line));
    expect(said).toEqual([
      "/home and StateSaveLocation by NFS",
      "/home and StateSaveLocation on a volume: mount: unknown filesystem type 'nfs4'.",
    ]);
    expect(() => decideStorage(planOf("nfs", { state: true }), NO_NFS, () => {})).toThrow(
      "the cluster wants /home and StateSaveLocation by NFS",
    );
  });

  test("a volume asks nothing of the kernel", () => {
    expect(decided("volume", NO_NFS)).toEqual({ storage: "volume", server: false, said: [] });
  });

  test("a ground that was not asked has nothing against NFS", () => {
    expect(parseFacts("cgroup=v1\n")).not.toHaveProperty("noNfs");
    expect(parseFacts("no_nfs=unknown filesystem type 'nfs4'.\n")).toMatchObject({
      noNfs: "unknown filesystem type 'nfs4'.",
    });
  });
});

const addresses = { nfs: "10.213.0.5", c1: "10.213.0.6", login: "10.213.0.7" };

function specIn(plan: ClusterPlan, name: string) {
  const around = {
    id: "x",
    labels: {},
    network: { name: "slurmlab-x", addresses },
    facts: { ...parseFacts("cgroup=none\nmknod=yes\ngpu_major=195\n") },
    gpus: undefined,
    restored: false,
  };
  const images = { slurm: "24.11", tags: {} } as Parameters<typeof containerSpec>[1]["images"];
  const node = plan.nodes.find((each) => each.name === name);
  if (!node) throw new Error(`no node ${name}`);
  return containerSpec({ ...node, packed: [] }, { plan, images }, around);
}

describe("a cluster with /home by NFS", () => {
  const plan = planOf("nfs");
  const specOf = (name: string) => specIn(plan, name);

  test("has the volume on the server alone", () => {
    expect(Object.keys(specOf("nfs").volumes ?? {})).toEqual(["/home"]);
    for (const name of ["login", "c1"]) expect(specOf(name).volumes).toEqual({});
  });

  test("lets the others mount it from there, and nobody else mount", () => {
    for (const name of ["login", "c1"]) {
      expect(specOf(name)).toMatchObject({ env: { SLURMLAB_NFS: addresses.nfs }, mounts: true });
      expect(specOf(name).capabilities).toContain("SYS_ADMIN");
    }
    expect(specOf("ctl").env).not.toHaveProperty("SLURMLAB_NFS");
    expect(specOf("ctl").capabilities).not.toContain("SYS_ADMIN");
  });

  test("gives the server its file and the users, and nobody else the file", () => {
    const bundle = renderBundle(
      plan,
      { cgroup: "none", gpus: {} },
      {
        mungeKey: new Uint8Array(),
        jwtKey: new Uint8Array(),
        slurmKey: new Uint8Array(),
        databasePassword: "none",
      },
    );
    const paths = (roles: readonly ["nfs"] | readonly ["login"]) =>
      filesFor({ name: "x", roles }, bundle).map(({ path }) => path);
    expect(paths(["nfs"])).toEqual(["/etc/ganesha/ganesha.conf"]);
    expect(paths(["login"])).not.toContain("/etc/ganesha/ganesha.conf");
  });
});

describe("a cluster with the controllers' state by NFS", () => {
  const STATE = "/var/spool/slurmctld";
  const plan = planOf("nfs", { state: true });

  test("has it on a volume of the server, and lets the controller mount it from there", () => {
    expect(specIn(plan, "nfs").volumes).toEqual({ "/home": "slurmlab-x-home", [STATE]: "slurmlab-x-state" });
    const controller = specIn(plan, "ctl");
    expect(controller).toMatchObject({
      env: { SLURMLAB_NFS: addresses.nfs, SLURMLAB_NFS_PATHS: STATE },
      labels: { "slurmlab.mounts": STATE },
      mounts: true,
      volumes: {},
    });
    expect(controller.ownVolumes).not.toContain(STATE);
    expect(controller.capabilities).toContain("SYS_ADMIN");
  });

  test("lets the others mount what they did", () => {
    expect(specIn(plan, "c1").env).toMatchObject({ SLURMLAB_NFS_PATHS: "/home" });
    expect(specIn(plan, "dbd").env).not.toHaveProperty("SLURMLAB_NFS");
  });

  test("gives it to slurm, whose number the server need not know", () => {
    const files = (of: ClusterPlan) => ownersFiles(of, false).map(({ path, content }) => [path, content]);
    expect(files(plan)).toEqual([["/etc/slurmlab/owners.slurm", `slurm:slurm ${STATE}\n`]]);
    expect(files(planOf("nfs"))).toEqual([]);
  });

  test("has it where it would be otherwise when storage: auto finds no NFS", () => {
    const decided = decideStorage(planOf("auto", { state: true }), NO_NFS, () => {});
    expect(specIn(decided, "ctl").ownVolumes).toContain(STATE);
    expect(specIn(decided, "ctl").env).not.toHaveProperty("SLURMLAB_NFS");
    expect(specIn(decided, "ctl").capabilities).not.toContain("SYS_ADMIN");
  });
});
