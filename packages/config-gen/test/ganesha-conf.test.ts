import { describe, expect, test } from "vitest";
import { type ClusterSpecInput, planCluster, renderBundle } from "../src/index.ts";

/** Path, number and squashing of each export. */
function exportsOf(spec: Partial<ClusterSpecInput>): string[] {
  const planned = planCluster(
    { storage: "nfs", nodes: [{ name: "c1", roles: ["slurmd"] }], ...spec },
    { defaultSlurm: "24.11" },
  );
  if (!planned.ok) throw new Error(JSON.stringify(planned.problems));
  const secrets = {
    mungeKey: new Uint8Array(),
    jwtKey: new Uint8Array(),
    slurmKey: new Uint8Array(),
    databasePassword: "none",
  };
  const bundle = renderBundle(planned.plan, { cgroup: "none", gpus: {} }, secrets);
  const file = bundle.find(({ path }) => path === "/etc/ganesha/ganesha.conf");
  return String(file?.content)
    .split("EXPORT {")
    .slice(1)
    .map((block) => {
      const said = (key: string) => new RegExp(`\\b${key} = (\\S+);`).exec(block)?.[1];
      return `${said("Export_Id")} ${said("Path")} at ${said("Pseudo")}: ${said("Squash")} ${said("Anonymous_Uid") ?? ""}`.trim();
    });
}

describe("the exports of the NFS server", () => {
  test("are /home, where root is root", () => {
    expect(exportsOf({})).toEqual(["1 /home at /home: No_Root_Squash"]);
  });

  test("make nobody of root when the specification says so", () => {
    expect(exportsOf({ nfs: { rootSquash: true } })).toEqual(["1 /home at /home: Root_Squash 65534"]);
  });

  test("have StateSaveLocation, wherever that is, and never squash root there", () => {
    expect(exportsOf({ nfs: { state: true, rootSquash: true } })).toEqual([
      "1 /home at /home: Root_Squash 65534",
      "11 /var/spool/slurmctld at /var/spool/slurmctld: No_Root_Squash",
    ]);
    const elsewhere = { "slurm.conf": { StateSaveLocation: "/srv/slurm" } };
    expect(exportsOf({ nfs: { state: true }, overrides: elsewhere })[1]).toBe(
      "11 /srv/slurm at /srv/slurm: No_Root_Squash",
    );
  });
});
