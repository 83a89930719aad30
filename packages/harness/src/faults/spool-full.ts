import { z } from "zod";
import { defineFault } from "./fault.ts";
import { lacksDaemon } from "./lacking.ts";
import { BESIDE_SLURMD, mayNotMount, SPOOL } from "./spool.ts";
import { target } from "./target.ts";

/** A file system of 64 KiB in the spool folder's place, with what was in it, filled to its end. */
const FILL = `
mkdir -p /run/slurmlab-spool
mount --bind ${SPOOL} /run/slurmlab-spool
mount -t tmpfs -o size=64k,mode=0755 slurmlab-full ${SPOOL}
find /run/slurmlab-spool -mindepth 1 -maxdepth 1 -type f -exec cp -a {} ${SPOOL} \\;
said=$(dd if=/dev/zero of=${SPOOL}/slurmlab-ballast bs=4k 2>&1) || grep -q "No space left on device" <<< "$said"
`;

/** The other way round; nothing when it is not so. Lazily: a step that began meanwhile has its socket there. */
const EMPTY = `
if grep -q "^slurmlab-full ${SPOOL} " /proc/mounts; then umount --lazy ${SPOOL}; fi
if grep -q " /run/slurmlab-spool " /proc/mounts; then umount --lazy /run/slurmlab-spool; fi
`;

export const spoolFull = defineFault({
  name: "spool-full",
  summary:
    "Fills the file system of SlurmdSpoolDir on some workers: at the next job Slurm drains the node with the reason SlurmdSpoolDir is full, and holds the job. Jobs that run there when it comes are out of slurmd's reach until it is healed.",
  schema: z.strictObject({ fault: z.literal("spool-full"), on: target }),
  lacks: ({ on }, plan) => lacksDaemon(on, "slurmd", plan),
  unavailable: async (_, { cluster }) => mayNotMount(cluster),
  sentence: ({ on }) => `the spool folder of ${on} is full`,
  async inject(_, { nodes, heals }): Promise<void> {
    for (const node of nodes) {
      const onNode = async (script: string) =>
        void (await node.run(["bash", "-euo", "pipefail", "-c", script], BESIDE_SLURMD));
      heals(`give ${node.name} its spool folder back`, () => onNode(EMPTY));
      await onNode(FILL);
    }
  },
});
