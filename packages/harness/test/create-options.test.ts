import { ROLES } from "@slurmlab/config-gen";
import { describe, expect, test } from "vitest";
import { partsOf } from "../src/cluster/roles.ts";
import { toCreateOptions } from "../src/engine/create-options.ts";
import type { ContainerSpec } from "../src/engine/engine.ts";

const SPEC: ContainerSpec = {
  name: "slurmlab-x-c1",
  hostname: "c1",
  image: "slurmlab/slurm:x",
  labels: { slurmlab: "0" },
  capabilities: ["CHOWN"],
  network: { name: "slurmlab-x", address: "10.213.0.10" },
  hosts: { ctl: "10.213.0.9" },
  mounts: true,
};
const facts = { appArmor: false, gpuDriver: undefined } as const;

describe("a node's container", () => {
  const host = toCreateOptions(SPEC, facts).HostConfig;

  test("is never privileged and has no capability that its roles do not name", () => {
    expect(host).toMatchObject({ Privileged: false, CapDrop: ["ALL"], CapAdd: ["CHOWN"] });
  });
  test("publishes nothing", () => expect(host.PortBindings ?? {}).toEqual({}));
  test("is never restarted by the engine", () => expect(host.RestartPolicy).toEqual({ Name: "no" }));
  test("finds the other nodes by a file", () => expect(host.ExtraHosts).toEqual(["ctl:10.213.0.9"]));
  test("leaves AppArmor's confinement only where there is AppArmor and it has to mount", () => {
    expect(host).not.toHaveProperty("SecurityOpt");
    expect(toCreateOptions(SPEC, { ...facts, appArmor: true }).HostConfig.SecurityOpt).toEqual([
      "apparmor=unconfined",
    ]);
    expect(
      toCreateOptions({ ...SPEC, mounts: false }, { ...facts, appArmor: true }).HostConfig,
    ).not.toHaveProperty("SecurityOpt");
  });
});

describe("a container that joins another", () => {
  const { network, hosts, ...rest } = SPEC;
  const options = toCreateOptions({ ...rest, joins: "slurmlab-x-c1" }, facts);
  test("has its network, its processes and its volumes", () => {
    expect(options.HostConfig).toMatchObject({
      NetworkMode: "container:slurmlab-x-c1",
      PidMode: "container:slurmlab-x-c1",
      VolumesFrom: ["slurmlab-x-c1"],
    });
  });
  test("is given neither a host name nor names of others: an engine refuses both", () => {
    expect([options.Hostname, options.HostConfig.ExtraHosts, options.NetworkingConfig]).toEqual([
      undefined,
      [],
      undefined,
    ]);
  });
  test("is no more privileged than it", () => {
    expect(options.HostConfig).toMatchObject({ Privileged: false, CapDrop: ["ALL"], CapAdd: ["CHOWN"] });
  });
});

describe("real GPUs", () => {
  const requests = (gpuDriver: "nvidia" | "cdi") =>
    toCreateOptions({ ...SPEC, gpus: [0, 2] }, { ...facts, gpuDriver }).HostConfig.DeviceRequests;
  test("are asked of CDI by name, without count or options", () => {
    expect(requests("cdi")).toEqual([{ Driver: "cdi", DeviceIDs: ["nvidia.com/gpu=0", "nvidia.com/gpu=2"] }]);
  });
  test("are asked of the nvidia runtime by index", () => {
    expect(requests("nvidia")).toEqual([
      { Driver: "nvidia", DeviceIDs: ["0", "2"], Capabilities: [["gpu", "utility", "compute"]] },
    ]);
  });
});

describe("every role", () => {
  test.each(ROLES)(
    "%s names its daemons once, and only workers and the NFS server may mount or make devices",
    (role) => {
      const parts = partsOf([role], { auth: "munge", slurm: "24.11", storage: "volume", nfs: {} });
      const names = parts.daemons.map((daemon) => daemon.name);
      expect(new Set(names).size).toBe(names.length);
      const strong = parts.capabilities.filter((capability) =>
        ["SYS_ADMIN", "MKNOD", "SYS_PTRACE"].includes(capability),
      );
      expect(strong.length > 0).toBe(role === "slurmd" || role === "nfs");
    },
  );

  test("on one node together has each daemon once", () => {
    expect(
      partsOf(["slurmctld", "slurmdbd", "slurmd"], {
        auth: "munge",
        slurm: "24.11",
        storage: "volume",
        nfs: {},
      }).daemons.map((daemon) => daemon.name),
    ).toEqual(["munged", "slurmdbd", "slurmctld", "slurmd"]);
  });
});
