import { upgrade } from "@slurmlab/config-gen";
import { whyNoJump } from "../cluster/upgrade-order.ts";
import { LabError } from "../errors/lab-error.ts";
import type { SnapshotRecord } from "./record.ts";

/** Bad input when the release that is asked for does not read what the snapshot's has written. */
export function checkRelease(record: SnapshotRecord, slurm: string | undefined): void {
  if (slurm === undefined) return;
  const why = upgrade(record.slurm, slurm).kind === "same" ? undefined : whyNoJump(record.slurm, slurm);
  if (why === undefined) return;
  throw new LabError({
    kind: "bad-input",
    message: `no cluster of Slurm ${slurm} can go on from the snapshot ${record.name}`,
    expected: `Slurm ${record.slurm}, or a newer release that takes what it has written`,
    seen: why,
  });
}
