import { z } from "zod";
import { askSlurm } from "./ask.ts";
import { defineVerb } from "./verb.ts";
import { words, wordsInput } from "./words.ts";

export const scontrol = defineVerb({
  name: "scontrol",
  summary: "Runs scontrol on the login node as root; the result is what it prints.",
  schema: z.strictObject({ args: wordsInput }),
  result: "text",
  sentence: ({ args }) => `\`scontrol ${words(args).join(" ")}\``,
  run: ({ args }, { cluster, signal }) => askSlurm(cluster, ["scontrol", ...words(args)], { signal }),
});

export const sacctmgr = defineVerb({
  name: "sacctmgr",
  summary: "Runs sacctmgr on the login node as root, without questions; the result is what it prints.",
  schema: z.strictObject({ args: wordsInput }),
  result: "text",
  sentence: ({ args }) => `\`sacctmgr ${words(args).join(" ")}\``,
  run: ({ args }, { cluster, signal }) =>
    askSlurm(cluster, ["sacctmgr", "-i", "-n", "-P", ...words(args)], { signal }),
});

export const takeover = defineVerb({
  name: "takeover",
  summary: "Tells a backup controller to take over, with scontrol takeover. The one before it ends.",
  schema: z.strictObject({
    index: z
      .int()
      .min(1)
      .default(1)
      .meta({ description: "which backup: its place among the SlurmctldHost lines, from 1" }),
  }),
  result: "nothing",
  disturbs: true,
  sentence: ({ index }) => `backup controller ${index} takes over`,
  async run({ index }, { cluster, daemons, signal }): Promise<void> {
    const controllers = cluster.nodes.filter((node) => node.plan.roles.includes("slurmctld"));
    for (const node of controllers.slice(0, index)) daemons.ends.foresee(node.name, "slurmctld");
    await askSlurm(cluster, ["scontrol", "takeover", String(index)], { signal });
  },
});
