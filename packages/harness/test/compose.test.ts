import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { planCluster } from "@slurmlab/config-gen";
import { findRelease, imageSet, type SlurmRelease } from "@slurmlab/images";
import { extract } from "tar-stream";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { composeFiles } from "../src/cli/cluster/export.ts";

const planOf = (spec: object) => {
  const planned = planCluster(spec, { defaultSlurm: "24.11" });
  if (!planned.ok) throw new Error(planned.problems[0]?.message);
  return planned.plan;
};
const images = imageSet(findRelease("24.11") as SlurmRelease, "amd64");
const worker = { name: "c[1-2]", roles: ["slurmd"] };

async function filesOf(spec: object, cgroup: "v1" | "none" = "none") {
  const files = await composeFiles(planOf(spec), images, cgroup);
  const compose = String(files.find(({ path }) => path === "/compose.yaml")?.content);
  return { files, compose, project: parse(compose) };
}

async function inArchive(content: Uint8Array): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const tar = extract();
  tar.end(Buffer.from(content));
  for await (const entry of tar) found.set(entry.header.name, await text(entry as unknown as Readable));
  return found;
}

describe("a cluster for docker compose", () => {
  test("has a service and an archive for each node", async () => {
    const { files, project } = await filesOf({ nodes: [worker] });
    const nodes = ["ctl", "dbd", "db", "login", "c1", "c2"];
    expect(Object.keys(project.services)).toEqual(nodes);
    expect(files.filter(({ path }) => path.endsWith(".tar")).map(({ path }) => path)).toEqual(
      nodes.map((name) => `/${name}.tar`),
    );
  });

  test("starts each from its archive, with the rights that slurmlab gives it and no more", async () => {
    const { project } = await filesOf({ nodes: [worker] });
    expect(project.services.c1).toMatchObject({
      image: images.tags.slurmd,
      pull_policy: "never",
      cap_drop: ["ALL"],
      volumes: expect.arrayContaining(["./c1.tar:/slurmlab.tar:ro"]),
    });
    expect(JSON.stringify(project)).not.toMatch(/privileged|network_mode/);
    expect(project.networks.lab.internal).toBe(true);
  });

  test("takes nothing from the environment of whoever runs it", async () => {
    const state = { overrides: { "slurm.conf": { StateSaveLocation: "/$HOME" } } };
    const controllers = { name: "ctl[1-2]", roles: ["slurmctld"] };
    const { project } = await filesOf({ nodes: [controllers, worker], ...state });
    expect(project.services.ctl1.volumes).toContainEqual(expect.stringMatching(/:\/\$\$HOME$/));
  });

  test("has its secrets in archives that only their owner reads, and in nothing else", async () => {
    const { files, compose } = await filesOf({ nodes: [worker] });
    const dbd = await inArchive(files.find(({ path }) => path === "/dbd.tar")?.content as Uint8Array);
    const password = /^StoragePass=(\S+)$/m.exec(dbd.get("etc/slurm/slurmdbd.conf") ?? "")?.[1] ?? "";
    expect(password).toMatch(/^\w{20,}$/);
    expect(compose).not.toContain(password);
    expect(files.filter(({ secret }) => secret).every(({ mode }) => mode === 0o600)).toBe(true);
  });

  test("lets each node start its daemons by itself", async () => {
    const { files } = await filesOf({ nodes: [worker] });
    for (const { content } of files.filter(({ path }) => path.endsWith(".tar")))
      expect([...(await inArchive(content as Uint8Array)).keys()]).toContain("etc/slurmlab/by-hand");
  });

  test("of nodes that share machines has a service a machine", async () => {
    const { project } = await filesOf({ nodes: [{ name: "n[1-4]", roles: ["slurmd"], packed: 2 }] });
    expect(project.services["n-pack2"].environment.SLURMLAB_PACKED).toBe("n3:7001 n4:7002");
  });

  test("has a script for its accounts, in which nothing is the shell's to read", async () => {
    const { files } = await filesOf({
      nodes: [worker],
      accounts: [{ name: "physics", limits: { GrpTRES: "cpu=4" }, users: ["ada"] }],
    });
    const script = String(files.find(({ path }) => path === "/accounting.sh")?.content);
    expect(script).toContain(
      "docker compose exec dbd sacctmgr '-i' 'add' 'account' 'physics' 'GrpTRES=cpu=4'",
    );
  });
});
