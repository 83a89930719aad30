import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { machinesOf, planCluster, renderBundle } from "@slurmlab/config-gen";
import { findRelease, imageSet, layeredSet } from "@slurmlab/images";
import { beforeAll, describe, expect, inject, onTestFinished, test } from "vitest";
import { containerSpec } from "../src/cluster/container-spec.ts";
import { startDaemon } from "../src/cluster/daemons.ts";
import { parseFacts } from "../src/cluster/ground.ts";
import { clusterNames } from "../src/cluster/names.ts";
import { createClusterNetwork } from "../src/cluster/network.ts";
import { Node } from "../src/cluster/node.ts";
import { startFor } from "../src/cluster/release.ts";
import { partsOf } from "../src/cluster/roles.ts";
import { newSecrets } from "../src/cluster/secrets.ts";
import { DockerEngine } from "../src/engine/docker.ts";
import { LABEL } from "../src/engine/labels.ts";
import { newFolder, slurmlab, withCluster } from "./support/cluster-up.ts";

let engine: DockerEngine;
beforeAll(async () => {
  engine = await DockerEngine.connect({ socketPath: inject("socket") });
});

function specFile(storage: "auto" | "nfs"): string {
  const path = join(newFolder(), `${storage}.yaml`);
  writeFileSync(path, `storage: ${storage}\nnodes:\n  - { name: "c[1-2]", roles: [slurmd], cpus: 1 }\n`);
  return path;
}

describe("/home", () => {
  test("is by NFS where the kernel can, else on a volume, and nfs is refused there with the kernel's words", async () => {
    let byNfs = false;
    await withCluster([specFile("auto")], async (look) => {
      byNfs = (await look("login", "stat", "-f", "-c", "%T", "/home")).trim() === "nfs";
      await look("login", "chpst", "-u", "ada:ada", "sh", "-c", "echo shared > /home/ada/file");
      for (const node of ["c1", "c2"]) expect(await look(node, "cat", "/home/ada/file")).toBe("shared\n");
    });
    if (byNfs) return;
    const refused = await slurmlab(["cluster", "up", specFile("nfs")]);
    expect(refused.exitCode).toBe(2);
    expect(refused.stdout).toContain("the cluster wants /home by NFS");
    expect(refused.stdout).toContain("unknown filesystem type 'nfs4'");
  });
});

describe("the NFS server", () => {
  test("serves /home to clients without a mount, and again after it has been started again", async () => {
    const planned = planCluster(
      { storage: "nfs", nodes: [{ name: "c1", roles: ["slurmd"] }] },
      { defaultSlurm: "24.11" },
    );
    const found = findRelease("24.11");
    if (!planned.ok || "severity" in found) throw new Error("the test's own cluster is wrong");
    const { plan } = planned;
    const images = layeredSet(imageSet(found, engine.architecture), "nfs");
    const id = `nfs-${randomBytes(4).toString("hex")}`;
    const names = clusterNames(id);
    const labels = { [LABEL.tool]: "test", [LABEL.cluster]: id };
    onTestFinished(async () => {
      for (const node of ["nfs", "client"]) await engine.remove("container", names.container(node));
      await engine.remove("volume", names.home);
      await engine.remove("network", names.network);
    });
    const network = await createClusterNetwork(engine, {
      name: names.network,
      labels,
      nodes: ["nfs", "client"],
    });
    await engine.createVolume({ name: names.home, labels });
    const facts = parseFacts("cgroup=none\nmknod=yes\ngpu_major=195\n");
    const [machine] = machinesOf(plan).filter(({ roles }) => roles.includes("nfs"));
    if (!machine) throw new Error("the plan has no server");
    const around = { id, labels, network, facts, gpus: undefined, restored: false };
    const spec = containerSpec(machine, { plan, images }, around);
    const bundle = renderBundle(plan, { cgroup: "none", gpus: {} }, newSecrets());
    const container = await startFor(machine, spec, {
      engine,
      release: { plan, images, bundle },
      gpus: undefined,
    });
    const address = network.addresses.nfs ?? "";
    const node = new Node(engine, { plan: machine, address, container, image: spec.image, slurm: "24.11" });
    const [ganesha] = partsOf(["nfs"], plan).daemons;
    if (!ganesha) throw new Error("the server has no daemon");
    const signal = AbortSignal.timeout(60_000);
    await startDaemon(node, ganesha, plan, { signal });

    const client = await engine.createContainer({
      name: names.container("client"),
      hostname: "client",
      image: spec.image,
      labels,
      network: { name: network.name, address: network.addresses.client ?? "" },
      capabilities: [],
      entrypoint: ["tini", "--", "sleep", "600"],
    });
    await engine.startContainer(client);
    const url = (path: string) => `nfs://${address}/home${path}?version=4`;
    const atClient = async (...argv: string[]) => {
      const { code, stdout, stderr } = await engine.exec(client, argv, { signal });
      return code === 0 ? stdout : `${code}: ${stderr}`;
    };
    expect(await atClient("nfs-ls", url(""))).toMatch(/^drwxr-xr-x\s+\d+\s+1000\s+1000\s+\d+ ada$/m);
    await node.run(["chpst", "-u", "ada:ada", "sh", "-c", "echo of the server > /home/ada/file"]);
    expect(await atClient("nfs-cat", url("/ada/file"))).toBe("of the server\n");

    await node.run(["sv", "-w", "30", "stop", "ganesha"]);
    expect(await atClient("nfs-cat", url("/ada/file"))).not.toBe("of the server\n");
    await startDaemon(node, ganesha, plan, { signal, again: true });
    // It lets nobody in before its grace period is over, in which clients from before may claim what they had.
    await expect
      .poll(() => atClient("nfs-cat", url("/ada/file")), { timeout: 30_000, interval: 500 })
      .toBe("of the server\n");
  });
});
