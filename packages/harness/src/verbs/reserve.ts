import { expandHostlist } from "@slurmlab/config-gen";
import { z } from "zod";
import { askSlurm } from "./ask.ts";
import { defineVerb } from "./verb.ts";

export const reserve = defineVerb({
  name: "reserve",
  summary: "Makes a reservation with scontrol.",
  schema: z.strictObject({
    name: z.string().min(1).meta({ description: "ReservationName" }),
    nodes: z.string().min(1).meta({ description: 'Nodes: "c[1-2]"' }),
    users: z.array(z.string()).default(["root"]).meta({ description: "Users: who may use it" }),
    start: z.string().default("now").meta({ description: 'StartTime: "now+1hour"' }),
    duration: z.string().default("60").meta({ description: 'Duration, in minutes or as "1-00:00:00"' }),
    flags: z.array(z.string()).default([]).meta({ description: "Flags: [maint, ignore_jobs]" }),
    slurm: z.record(z.string(), z.string()).default({}).meta({ description: "any other key of scontrol's" }),
  }),
  result: "nothing",
  disturbs: true,
  sentence: ({ name, nodes, users }) => `reserve ${nodes} for ${users.join(", ")} as ${name}`,
  nodes: ({ nodes }) => (/^all$/i.test(nodes) ? [] : expandHostlist(nodes)),
  async run(input, { cluster, signal }): Promise<void> {
    const keys: Record<string, string> = {
      ReservationName: input.name,
      Nodes: input.nodes,
      Users: input.users.join(","),
      StartTime: input.start,
      Duration: input.duration,
      ...(input.flags.length > 0 ? { Flags: input.flags.join(",") } : {}),
      ...input.slurm,
    };
    const settings = Object.entries(keys).map(([key, value]) => `${key}=${value}`);
    await askSlurm(cluster, ["scontrol", "create", "reservation", ...settings], { signal });
  },
});
