import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { setTimeout as pause } from "node:timers/promises";
import { Client, utils } from "ssh2";
import { expect, test } from "vitest";
import { type Look, newFolder, slurmlab, withCluster } from "./support/cluster-up.ts";

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

test("ssh lets the key in that it was given, as the user, and no other; nothing listens in the node for it", async () => {
  const [key, stranger] = [utils.generateKeyPairSync("ed25519"), utils.generateKeyPairSync("ed25519")];
  const file = join(newFolder(), "id.pub");
  writeFileSync(file, `${key.public} somebody\n`);
  await withCluster(["minimal", "--variant", "ssh"], async (look, id) => {
    await withForward(["ssh", "--cluster", id, "--key", file], async (local) => {
      expect(await runBySsh(local, key.private, "id -un; srun hostname")).toBe("ada\nc1\n");
      await expect(runBySsh(local, stranger.private, "id")).rejects.toThrow("authentication methods failed");
    });
    const listening = await look("login", "cat", "/proc/net/tcp", "/proc/net/tcp6");
    expect(listening).not.toMatch(/^ *\d+: \w+:0016 /m);
  });
});

/** What a command prints; rejects when the key is not let in. */
async function runBySsh(local: string, privateKey: string, command: string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const client = new Client();
  client.on("error", reject);
  client.on("ready", () =>
    client.exec(command, (error, stream) => (error ? reject(error) : text(stream).then(resolve, reject))),
  );
  const [host, port] = local.split(":");
  client.connect({ host: host ?? "", port: Number(port), username: "ada", privateKey });
  return await promise.finally(() => client.end());
}

test("a node's port is reached on this machine's loopback address, by several at once", async () => {
  await withCluster(["rest"], async (look, id) => {
    const token = (await look("ctl", "scontrol", "token", "username=root")).replace(/^SLURM_JWT=/, "").trim();
    await withForward(["rest", "--cluster", id], async (local) => {
      expect(local).toMatch(/^127\.0\.0\.1:\d+$/);
      const ask = async (headers: Record<string, string>) => {
        const answer = await fetch(`http://${local}/openapi/v3`, {
          headers: { ...headers, connection: "close" },
        });
        return { status: answer.status, bytes: (await answer.text()).length };
      };
      const answers = await Promise.all([1, 2, 3].map(() => ask({ "X-SLURM-USER-TOKEN": token })));
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
      // The description of the whole API: more than any buffer on the way holds.
      expect(Math.min(...answers.map(({ bytes }) => bytes))).toBeGreaterThan(100_000);
      expect((await ask({})).status).toBe(401);
      // Somebody who goes away in the middle leaves nothing behind in the node.
      const socket = connect(Number(local.split(":")[1]), "127.0.0.1");
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
