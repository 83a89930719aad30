import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { slurmlab, withCluster } from "./support/cluster-up.ts";

test("a cluster with a name is found by it, and no second one gets it", async () => {
  const name = `dev-${randomBytes(4).toString("hex")}`;
  await withCluster(["minimal", "--name", name], async (_, id) => {
    const inside = await slurmlab(["cluster", "exec", "--cluster", name, "login", "hostname"]);
    expect(inside.stdout).toBe("login");
    const second = await slurmlab(["cluster", "up", "minimal", "--name", name]);
    expect(second.exitCode).toBe(2);
    expect(second.stderr).toContain(`there is a cluster called "${name}" already\n  seen     ${id}, kept`);
  });
});
