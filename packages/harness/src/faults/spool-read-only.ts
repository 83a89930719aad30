import { z } from "zod";
import { defineFault } from "./fault.ts";
import { lacksDaemon } from "./lacking.ts";
import { target } from "./target.ts";

/** SlurmdSpoolDir as every cluster here has it: a volume of the node's own. */
const SPOOL = "/var/spool/slurmd";

/** After an upgrade slurmd is in a container with mounts of its own. */
const BESIDE = { beside: "slurmd" } as const;

/** As after an error of the disk, when the kernel mounts what is left for reading only. */
export const spoolReadOnly = defineFault({
  name: "spool-read-only",
  summary:
    "Lets the file system of SlurmdSpoolDir on some workers be read-only: slurmd goes on and answers, and no job can start there.",
  schema: z.strictObject({ fault: z.literal("spool-read-only"), on: target }),
  lacks: ({ on }, plan) => lacksDaemon(on, "slurmd", plan),
  async unavailable(_, { cluster }): Promise<string | undefined> {
    return cluster.facts.cgroup === "none"
      ? "workers that are not confined may not mount anything"
      : undefined;
  },
  sentence: ({ on }) => `the spool folder of ${on} is read-only`,
  async inject(_, { nodes, heals }): Promise<void> {
    for (const node of nodes) {
      heals(`let ${node.name} write its spool folder again`, async () => {
        const { code } = await node.exec(["findmnt", "--options", "ro", "--target", SPOOL], BESIDE);
        if (code === 0) await node.run(["mount", "-o", "remount,bind,rw", SPOOL], BESIDE);
      });
      await node.run(["mount", "-o", "remount,bind,ro", SPOOL], BESIDE);
    }
  },
});
