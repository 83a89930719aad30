import { z } from "zod";
import { hangScript, how, lacksScript, replaceScript } from "./failing-script.ts";
import { defineFault } from "./fault.ts";
import { target } from "./target.ts";

/** What health checks of the field do: they drain their own node. Slurm itself does nothing about an exit code. */
export const healthcheckFails = defineFault({
  name: "healthcheck-fails",
  summary:
    "Lets the HealthCheckProgram of some workers find something: it drains its own node with a reason, as health checks do. Or lets it hang: slurmd kills it after a minute.",
  schema: z.strictObject({
    fault: z.literal("healthcheck-fails"),
    on: target,
    how,
    reason: z
      .string()
      .regex(/^[\w .,:-]+$/, { error: "expected words without quotation marks" })
      .default("HC: disk is failing")
      .meta({ description: "with fails: the reason that it gives" }),
  }),
  lacks: (_, plan) => lacksScript("healthCheck", plan),
  sentence: ({ on, how, reason }) =>
    how === "hangs" ? `the health check on ${on} hangs` : `the health check on ${on} says "${reason}"`,
  async inject({ how, reason }, context): Promise<void> {
    if (how === "hangs") return await hangScript("healthCheck", context);
    const drain = `scontrol update nodename="$(hostname -s)" state=drain reason="${reason}"`;
    await replaceScript("healthCheck", `${drain}\nexit 1`, context);
  },
});
