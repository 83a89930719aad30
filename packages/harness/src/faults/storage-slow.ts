import { z } from "zod";
import { changeFile } from "./changed-file.ts";
import { defineFault } from "./fault.ts";
import { lacksDaemon } from "./lacking.ts";
import { runFileOf } from "./run-file.ts";
import { STORING, straced, tracingUnavailable, untraced } from "./straced.ts";
import { target } from "./target.ts";

/** What changes a folder or waits for the disk. `?`: unknown to some processors' Linux. */
const SLOW_CALLS = [
  "?mkdir",
  "?mkdirat",
  "?rename",
  "?renameat",
  "?renameat2",
  "?link",
  "?linkat",
  "?unlink",
  "?unlinkat",
  "fsync",
  "fdatasync",
].join(",");

export const storageSlow = defineFault({
  name: "storage-slow",
  summary:
    "Restarts a daemon so that each of its changes of a folder, and each wait for the disk, takes longer, as on a file server under load. slurmctld makes folders for a job with a lock held, so everybody waits. With slurmd, that of the jobs that it starts is as slow.",
  schema: z.strictObject({
    fault: z.literal("storage-slow"),
    daemon: z.enum(STORING).meta({ description: "which" }),
    on: target,
    by: z.int().min(1).max(1_000).default(200).meta({ description: "milliseconds, each time" }),
  }),
  lacks: ({ on, daemon }, plan) => lacksDaemon(on, daemon, plan),
  unavailable: (_, { nodes }) => tracingUnavailable(nodes),
  sentence: ({ daemon, on, by }) => `the storage of ${daemon} on ${on} is slow by ${by} ms`,
  async inject({ daemon, by }, { nodes, daemons, heals }): Promise<void> {
    for (const node of nodes) {
      heals(`start ${daemon} on ${node.name} again`, async () => {
        // First, or it would be stopped as slowly as it stores.
        await untraced(node, daemon);
        await daemons.restart(node, daemon);
      });
      const slow = straced(`${SLOW_CALLS}:delay_enter=${by * 1000}`);
      await changeFile(node, runFileOf(node, daemon), slow, { heals });
      await daemons.restart(node, daemon);
    }
  },
});
