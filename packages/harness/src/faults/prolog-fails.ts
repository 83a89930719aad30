import { z } from "zod";
import { lacksScript, replaceScript } from "./failing-script.ts";
import { defineFault } from "./fault.ts";
import { target } from "./target.ts";

export const prologFails = defineFault({
  name: "prolog-fails",
  summary:
    "Lets the Prolog of some workers fail before a job's first step: Slurm drains the node with the reason Prolog error, and the job is held.",
  schema: z.strictObject({
    fault: z.literal("prolog-fails"),
    on: target,
    exitCode: z.int().min(1).max(255).default(1).meta({ description: "its exit code" }),
  }),
  lacks: (_, plan) => lacksScript("prolog", plan),
  sentence: ({ on, exitCode }) => `the Prolog on ${on} ends with ${exitCode}`,
  async inject({ exitCode }, context): Promise<void> {
    await replaceScript("prolog", `exit ${exitCode}`, context);
  },
});
