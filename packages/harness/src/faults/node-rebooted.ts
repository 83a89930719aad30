import { z } from "zod";
import type { Node } from "../cluster/node.ts";
import { met, pending, waitFor } from "../conditions/probe.ts";
import { changeFile } from "./changed-file.ts";
import { defineFault } from "./fault.ts";
import { lacksDaemon } from "./lacking.ts";
import { runFileOf } from "./run-file.ts";
import { target } from "./target.ts";

/**
 * A container has its host's boot time, so Slurm never takes a restarted one for a machine that has rebooted. slurmd's
 * own option for tests, -b, says that it has. As at a reboot, nothing of the node's jobs survives.
 */
export const nodeRebooted = defineFault({
  name: "node-rebooted",
  summary:
    "Reboots workers, as far as Slurm can tell: slurmd and all job processes are killed, and slurmd starts with -b. Healed, only the -b is gone: what Slurm thinks of the node is the administrator's to change.",
  schema: z.strictObject({ fault: z.literal("node-rebooted"), on: target }),
  lacks: ({ on }, plan) => lacksDaemon(on, "slurmd", plan),
  sentence: ({ on }) => `${on} has rebooted`,
  async inject(_, { cluster, nodes, daemons, heals }): Promise<void> {
    for (const node of nodes) {
      heals(`start slurmd on ${node.name}`, () => daemons.start(node, "slurmd"));
      const rebooted = (text: string) => text.replace("exec slurmd -D", "exec slurmd -D -b");
      await changeFile(node, runFileOf(node, "slurmd"), rebooted, { heals });
      await daemons.kill(node, "slurmd");
      // 1: no process matched, so no job ran.
      await node.exec(["pkill", "-KILL", "slurmstepd"]);
      await laterThanItsLastResponse(node, cluster.signal);
      await daemons.start(node, "slurmd");
    }
  },
});

/**
 * slurmctld takes a node for rebooted when its boot time is later than its last response, in whole seconds. slurmd -b gives
 * the second of its start, or the one before; and since 24.11 slurmctld notes responses every two seconds only, each with
 * the time of the note (agent.c, `_agent_nodes_update`). A real machine takes longer than that to boot.
 */
const SILENT_SECONDS = 4;

async function laterThanItsLastResponse(node: Node, signal: AbortSignal): Promise<void> {
  const clock = async () => Number(await node.run(["date", "+%s"]));
  const silentSince = await clock();
  const look = async () => {
    const now = await clock();
    return now >= silentSince + SILENT_SECONDS ? met(now) : pending(String(now));
  };
  const title = `the clock of ${node.name} to be ${SILENT_SECONDS} seconds past the end of slurmd`;
  await waitFor({ title, look }, { withinMs: 10_000, signal });
}
