import { z } from "zod";

/** What a job can ask for, in sbatch's and srun's own words. */
export const requestShape = {
  gpus: z.int().min(0).optional().meta({ description: "--gpus: in all" }),
  gpusPerNode: z.int().min(0).optional().meta({ description: "--gpus-per-node" }),
  gres: z.string().optional().meta({ description: '--gres: "gpu:a100:1"' }),
  nodes: z.int().min(1).optional().meta({ description: "--nodes" }),
  tasks: z.int().min(1).optional().meta({ description: "--ntasks" }),
  cpusPerTask: z.int().min(1).optional().meta({ description: "--cpus-per-task" }),
  memory: z.string().optional().meta({ description: '--mem, on each node: "50M"' }),
  time: z.string().optional().meta({ description: '--time: "1" is a minute' }),
  nodelist: z.string().optional().meta({ description: '--nodelist: "g1"' }),
  partition: z.string().optional().meta({ description: "--partition" }),
  options: z
    .array(
      z.string().refine((option) => !/^(-a|--array\b)/.test(option), {
        error: 'an array has a field of its own, by which its tasks are known: array: "0-3"',
      }),
    )
    .default([])
    .meta({ description: 'any other options: ["--hold"]' }),
};

const request = z.object(requestShape);
export type Request = z.output<typeof request>;

/** The request as options of sbatch or srun. */
export function requestArguments(request: Request): string[] {
  const flags: Array<[string, string | number | undefined]> = [
    ["--gpus", request.gpus],
    ["--gpus-per-node", request.gpusPerNode],
    ["--gres", request.gres],
    ["--nodes", request.nodes],
    ["--ntasks", request.tasks],
    ["--cpus-per-task", request.cpusPerTask],
    ["--mem", request.memory],
    ["--time", request.time],
    ["--nodelist", request.nodelist],
    ["--partition", request.partition],
  ];
  return [
    ...flags.flatMap(([flag, value]) => (value === undefined ? [] : [`${flag}=${value}`])),
    ...request.options,
  ];
}

/** The request in words: `1 GPU`, `4 GPUs a node on 2 nodes`, `nothing special`. */
export function describeRequest(request: Request): string {
  const gpus = (count: number) => `${count} GPU${count === 1 ? "" : "s"}`;
  const parts = [
    request.gpus === undefined ? "" : gpus(request.gpus),
    request.gpusPerNode === undefined ? "" : `${gpus(request.gpusPerNode)} a node`,
    request.gres ?? "",
    request.tasks === undefined ? "" : `${request.tasks} tasks`,
    request.cpusPerTask === undefined ? "" : `${request.cpusPerTask} CPUs a task`,
    request.memory ?? "",
    request.time ? `--time=${request.time}` : "",
    ...request.options,
  ].filter(Boolean);
  const where = [
    request.nodes === undefined ? "" : `on ${request.nodes} node${request.nodes === 1 ? "" : "s"}`,
    request.nodelist ? `on ${request.nodelist}` : "",
    request.partition ? `in ${request.partition}` : "",
  ].filter(Boolean);
  return [parts.join(", "), ...where].filter(Boolean).join(" ");
}
