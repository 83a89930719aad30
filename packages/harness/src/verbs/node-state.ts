import { expandHostlist } from "@slurmlab/config-gen";
import { z } from "zod";
import { askSlurm } from "./ask.ts";
import { defineVerb, type StepContext } from "./verb.ts";

const node = z
  .string()
  .min(1)
  .meta({ description: 'the node\'s name, or several as Slurm writes them: "c[1-2]"' });
const reason = z.string().min(1).meta({ description: "Reason, as `sinfo -R` shows it" });

const nodes = (input: { node: string }) => expandHostlist(input.node);

async function update(
  { cluster, signal }: StepContext,
  name: string,
  settings: readonly string[],
): Promise<void> {
  await askSlurm(cluster, ["scontrol", "update", `NodeName=${name}`, ...settings], { signal });
}

export const drain = defineVerb({
  name: "drain",
  summary: "Drains a node: its jobs go on, and no new one starts there.",
  schema: z.strictObject({ node, reason }),
  result: "nothing",
  disturbs: true,
  sentence: (input) => `drain ${input.node}: "${input.reason}"`,
  nodes,
  async run(input, context): Promise<void> {
    await update(context, input.node, ["State=DRAIN", `Reason=${input.reason}`]);
  },
});

export const down = defineVerb({
  name: "down",
  summary: "Sets a node DOWN: its jobs are killed, and requeued where they may be.",
  schema: z.strictObject({ node, reason }),
  result: "nothing",
  disturbs: true,
  sentence: (input) => `set ${input.node} DOWN: "${input.reason}"`,
  nodes,
  async run(input, context): Promise<void> {
    await update(context, input.node, ["State=DOWN", `Reason=${input.reason}`]);
  },
});

export const resume = defineVerb({
  name: "resume",
  summary: "Takes a node back into service after DRAIN or DOWN, with scontrol's State=RESUME.",
  schema: z.strictObject({ node }),
  result: "nothing",
  sentence: (input) => `resume ${input.node}`,
  nodes,
  async run(input, context): Promise<void> {
    await update(context, input.node, ["State=RESUME"]);
  },
});
