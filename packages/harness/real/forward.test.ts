import { once } from "node:events";
import { connect } from "node:net";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { type Look, slurmlab, withCluster } from "./support/cluster-up.ts";

/** `cluster forward` with these arguments, while `use` has the local address that it prints. */
async function withForward(args: readonly string[], use: (local: string) => Promise<void>): Promise<void> {
  const going = slurmlab(["cluster", "forward", ...args, "--json"]);
  try {
    const [line] = (await once(createInterface({ input: going.stdout }), "line")) as [string];
    await use((JSON.parse(line) as { local: string }).local);
  } finally {
    going.kill("SIGINT");
    expect((await going).exitCode).toBe(0);
  }
}

test("a node's port is reached on this machine's loopback address, by several at once", async () => {
  await withCluster(["rest"], async (look, id) => {
    const token = (await look("ctl", "scontrol", "token", "username=root")).replace(/^SLURM_JWT=/, "").trim();
    await withForward(["rest", "--cluster", id], async (local) => {
      expect(local).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
      const ask = async (headers: Record<string, string>) => {
        const answer = await fetch(`${local}/openapi/v3`, { headers: { ...headers, connection: "close" } });
        return { status: answer.status, bytes: (await answer.text()).length };
      };
      const answers = await Promise.all([1, 2, 3].map(() => ask({ "X-SLURM-USER-TOKEN": token })));
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
      // The description of the whole API: more than any buffer on the way holds.
      expect(Math.min(...answers.map(({ bytes }) => bytes))).toBeGreaterThan(100_000);
      expect((await ask({})).status).toBe(401);
      // Somebody who goes away in the middle leaves nothing behind in the node.
      const socket = connect(Number(new URL(local).port), "127.0.0.1");
      await comesTo(true, () => carried(look));
      socket.destroy();
      await comesTo(false, () => carried(look));
    });
    const unknown = await slurmlab(["cluster", "forward", "rset", "--cluster", id]);
    expect([unknown.exitCode, unknown.stderr]).toEqual([2, expect.stringContaining('did you mean "rest"?')]);
  });
});

/** Whether a program in the node carries a connection. */
async function carried(look: Look): Promise<boolean> {
  const count = "cat /proc/[0-9]*/cmdline | tr '\\0' '\\n' | grep -cx relay || true";
  return Number((await look("rest", "bash", "-c", count)).trim()) > 0;
}

async function comesTo(wanted: boolean, look: () => Promise<boolean>): Promise<void> {
  let seen = await look();
  for (
    const end = performance.now() + 10_000;
    seen !== wanted && performance.now() < end;
    seen = await look()
  )
    await pause(50);
  expect(seen).toBe(wanted);
}
