import { z } from "zod";
import { lacksScript, replaceScript } from "./failing-script.ts";
import { defineFault } from "./fault.ts";
import { target } from "./target.ts";

export const epilogFails = defineFault({
  name: "epilog-fails",
  summary:
    "Lets the Epilog of some workers fail after a job: Slurm drains the node with the reason Epilog error.",
  schema: z.strictObject({
    fault: z.literal("epilog-fails"),
    on: target,
    exitCode: z.int().min(1).max(255).default(1).meta({ description: "its exit code" }),
  }),
  lacks: (_, plan) => lacksScript("epilog", plan),
  sentence: ({ on, exitCode }) => `the Epilog on ${on} ends with ${exitCode}`,
  async inject({ exitCode }, context): Promise<void> {
    await replaceScript("epilog", `exit ${exitCode}`, context);
  },
});
