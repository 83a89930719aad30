import { type Cluster, nodeOf } from "../cluster/cluster.ts";
import { LabError } from "../errors/lab-error.ts";
import type { Job } from "./job.ts";
import { withoutLastNewline } from "./text.ts";

/** A job's output file as the user sees it on login. That there is none is Slurm's doing, so the claim has failed. */
export async function readOutput(job: Job, cluster: Cluster, signal: AbortSignal): Promise<string> {
  const { code, stdout, stderr } = await nodeOf(cluster, "login").exec(["cat", job.outputPath], {
    user: job.user,
    signal,
  });
  if (code === 0) return withoutLastNewline(stdout);
  throw new LabError({
    kind: "failed",
    message: `${job.title} has no output`,
    expected: `the file ${job.outputPath}`,
    seen: stderr.trim(),
  });
}
