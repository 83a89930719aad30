import { knowledgeOf, nearest, RELEASES, type SlurmKnowledge } from "@slurmlab/config-gen";
import { DEFAULT_SLURM } from "@slurmlab/images";
import { LabError } from "../../errors/lab-error.ts";

/** What is known of a release, or bad input with the nearest one. */
export function knownRelease(slurm: string = DEFAULT_SLURM, flag = "--slurm"): SlurmKnowledge {
  // `24.11.5` means 24.11.
  const knowledge = knowledgeOf(slurm.split(".").slice(0, 2).join("."));
  if (knowledge) return knowledge;
  const near = nearest(slurm, RELEASES);
  throw new LabError({
    kind: "bad-input",
    message: `no Slurm ${slurm} is known`,
    expected: RELEASES.join(", "),
    where: flag,
    ...(near ? { hint: `did you mean ${near}?` } : {}),
  });
}
