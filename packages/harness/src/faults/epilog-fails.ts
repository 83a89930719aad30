import { z } from "zod";
import { hangScript, how, lacksScript, replaceScript } from "./failing-script.ts";
import { defineFault } from "./fault.ts";
import { target } from "./target.ts";

export const epilogFails = defineFault({
  name: "epilog-fails",
  summary:
    "Lets the Epilog of some workers fail after a job: Slurm drains the node with the reason Epilog error. Or lets it hang: job and node stay COMPLETING.",
  schema: z.strictObject({
    fault: z.literal("epilog-fails"),
    on: target,
    how,
    exitCode: z.int().min(1).max(255).default(1).meta({ description: "with fails: its exit code" }),
  }),
  lacks: (_, plan) => lacksScript("epilog", plan),
  sentence: ({ on, how, exitCode }) =>
    how === "hangs" ? `the Epilog on ${on} hangs` : `the Epilog on ${on} ends with ${exitCode}`,
  async inject({ how, exitCode }, context): Promise<void> {
    if (how === "hangs") await hangScript("epilog", context);
    else await replaceScript("epilog", `exit ${exitCode}`, context);
  },
});
