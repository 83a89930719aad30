import { z } from "zod";
import { defineFault } from "./fault.ts";
import { lacksDaemon } from "./lacking.ts";
import { BESIDE_SLURMD, mayNotMount, SPOOL } from "./spool.ts";
import { target } from "./target.ts";

/** As after an error of the disk, when the kernel mounts what is left for reading only. */
export const spoolReadOnly = defineFault({
  name: "spool-read-only",
  summary:
    "Lets the file system of SlurmdSpoolDir on some workers be read-only: slurmd goes on and answers, and no job can start there.",
  schema: z.strictObject({ fault: z.literal("spool-read-only"), on: target }),
  lacks: ({ on }, plan) => lacksDaemon(on, "slurmd", plan),
  unavailable: async (_, { cluster }) => mayNotMount(cluster),
  sentence: ({ on }) => `the spool folder of ${on} is read-only`,
  async inject(_, { nodes, heals }): Promise<void> {
    for (const node of nodes) {
      heals(`let ${node.name} write its spool folder again`, async () => {
        const { code } = await node.exec(["findmnt", "--options", "ro", "--target", SPOOL], BESIDE_SLURMD);
        if (code === 0) await node.run(["mount", "-o", "remount,bind,rw", SPOOL], BESIDE_SLURMD);
      });
      await node.run(["mount", "-o", "remount,bind,ro", SPOOL], BESIDE_SLURMD);
    }
  },
});
