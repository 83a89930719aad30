import { z } from "zod";
import type { Node } from "../cluster/node.ts";
import { met, pending, waitFor } from "../conditions/probe.ts";
import { changeFile } from "./changed-file.ts";
import { defineFault } from "./fault.ts";
import { lacksDaemon } from "./lacking.ts";
import { runFileOf } from "./run-file.ts";
import { target } from "./target.ts";

/**
 * A container has its host's boot time, so Slurm never takes a restarted one for a machine that has rebooted. slurmd is
 * given another one by a library of the image; its own option for tests, -b, gives one that can change by a second, which
 * is another reboot to slurmctld (see boot-time.c). As at a reboot, nothing of the node's jobs survives.
 */
export const nodeRebooted = defineFault({
  name: "node-rebooted",
  summary:
    "Reboots workers, as far as Slurm can tell: slurmd and all job processes are killed, and slurmd starts with a new boot time. Healed, the next start of slurmd has the host's again: what Slurm thinks of the node is the administrator's to change.",
  schema: z.strictObject({ fault: z.literal("node-rebooted"), on: target }),
  lacks: ({ on }, plan) => lacksDaemon(on, "slurmd", plan),
  sentence: ({ on }) => `${on} has rebooted`,
  async inject(_, { cluster, nodes, daemons, heals }): Promise<void> {
    for (const node of nodes) {
      heals(`start slurmd on ${node.name}`, () => daemons.start(node, "slurmd"));
      await daemons.kill(node, "slurmd");
      // 1: no process matched, so no job ran.
      await node.exec(["pkill", "-KILL", "slurmstepd"]);
      const now = await laterThanItsLastResponse(node, cluster.signal);
      const booted = ["env", `LD_PRELOAD=${LIBRARY}`, `SLURMLAB_BOOT_TIME=${now - SECONDS_TO_BOOT}`];
      const rebooted = (text: string) => text.replace(/(?<=^exec )(?=slurmd -D)/m, `${booted.join(" ")} `);
      await changeFile(node, runFileOf(node, "slurmd"), rebooted, { heals });
      await daemons.start(node, "slurmd");
    }
  },
});

const LIBRARY = "/usr/lib/slurmlab/boot-time.so";

/**
 * To slurmctld a boot time is its own clock less an uptime that was sent to it, so it can come out one second later than it
 * is: with one second between, still no later than the registration that told of it, and so no later than any response.
 */
const SECONDS_TO_BOOT = 1;

/**
 * slurmctld takes a node for rebooted when its boot time is later than its last response, in whole seconds; and since 24.11
 * slurmctld notes responses every two seconds only, each with the time of the note (agent.c, `_agent_nodes_update`). A real
 * machine takes longer than that to boot.
 */
const SILENT_SECONDS = 4;

/** The node's clock, in seconds since 1970, once slurmd has been gone for long enough. */
async function laterThanItsLastResponse(node: Node, signal: AbortSignal): Promise<number> {
  const clock = async () => Number(await node.run(["date", "+%s"]));
  const silentSince = await clock();
  const look = async () => {
    const now = await clock();
    return now >= silentSince + SILENT_SECONDS ? met(now) : pending(String(now));
  };
  const title = `the clock of ${node.name} to be ${SILENT_SECONDS} seconds past the end of slurmd`;
  return waitFor({ title, look }, { withinMs: 10_000, signal });
}
