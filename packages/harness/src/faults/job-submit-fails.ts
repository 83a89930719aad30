import { z } from "zod";
import { nodeOf } from "../cluster/cluster.ts";
import type { Node } from "../cluster/node.ts";
import { changeFile } from "./changed-file.ts";
import { lacksScript } from "./failing-script.ts";
import { defineFault } from "./fault.ts";

const SCRIPT = "/etc/slurm/job_submit.lua";

/** What each of its functions does. */
const BODIES = {
  error: () => 'error("broken on purpose")',
  reject: () => 'slurm.log_user("rejected on purpose")\n  if true then return slurm.ERROR end',
  hang: (seconds: number) => `os.execute("sleep ${seconds}")`,
} as const;

/** slurmctld reads the script again when it has changed, and keeps the one before when the new one cannot be read at all. */
export const jobSubmitFails = defineFault({
  name: "job-submit-fails",
  summary:
    "Lets job_submit.lua raise an error for every job (slurmctld logs it, and lets the job through as it is), reject every job, or take long: it is called with a lock held, so everybody waits.",
  schema: z.strictObject({
    fault: z.literal("job-submit-fails"),
    how: z.enum(["error", "reject", "hang"]).default("error").meta({ description: "what it does" }),
    seconds: z.int().min(1).max(600).default(30).meta({ description: "with hang: how long each call takes" }),
  }),
  lacks: (_, plan) => lacksScript("jobSubmit", plan),
  sentence: ({ how, seconds }) =>
    ({
      error: "job_submit.lua raises an error for every job",
      reject: "job_submit.lua rejects every job",
      hang: `job_submit.lua takes ${seconds} s for every job`,
    })[how],
  async inject({ how, seconds }, { cluster, heals }): Promise<void> {
    const text = `${["slurm_job_submit", "slurm_job_modify"]
      .map((name) => `function ${name}()\n  ${BODIES[how](seconds)}\n  return slurm.SUCCESS\nend\n`)
      .join("\n")}\nreturn slurm.SUCCESS\n`;
    const node = nodeOf(cluster, "slurmctld");
    let known = await changedAt(node);
    const readAgain = async () => {
      known = await changedAfter(node, known);
    };
    heals("let slurmctld read it again", readAgain);
    await changeFile(node, SCRIPT, () => text, { heals });
    await readAgain();
  },
});

/** When the script was last changed, in whole seconds since 1970. */
async function changedAt(node: Node): Promise<number> {
  return Number(await node.run(["stat", "--format=%Y", SCRIPT]));
}

/**
 * Dates the script later than the one that slurmctld knows: it compares times of change, in whole seconds, and would not see what is
 * changed twice in one.
 */
async function changedAfter(node: Node, known: number): Promise<number> {
  const at = Math.max(known, await changedAt(node)) + 1;
  await node.run(["touch", `--date=@${at}`, SCRIPT]);
  return at;
}
