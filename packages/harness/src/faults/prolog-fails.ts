import { z } from "zod";
import { hangScript, how, lacksScript, replaceScript } from "./failing-script.ts";
import { defineFault } from "./fault.ts";
import { target } from "./target.ts";

export const prologFails = defineFault({
  name: "prolog-fails",
  summary:
    "Lets the Prolog of some workers fail before a job's first step: Slurm drains the node with the reason Prolog error, and the job is held. Or lets it hang: the job is RUNNING, and its script has not begun.",
  schema: z.strictObject({
    fault: z.literal("prolog-fails"),
    on: target,
    how,
    exitCode: z.int().min(1).max(255).default(1).meta({ description: "with fails: its exit code" }),
  }),
  lacks: (_, plan) => lacksScript("prolog", plan),
  sentence: ({ on, how, exitCode }) =>
    how === "hangs" ? `the Prolog on ${on} hangs` : `the Prolog on ${on} ends with ${exitCode}`,
  async inject({ how, exitCode }, context): Promise<void> {
    if (how === "hangs") await hangScript("prolog", context);
    else await replaceScript("prolog", `exit ${exitCode}`, context);
  },
});
