import { compressHostlist, type GpuMode } from "@slurmlab/config-gen";
import type { LayerWishes } from "@slurmlab/images";
import { workersUp } from "../../cluster/workers.ts";
import type { LoadedScenario } from "../../scenario/load.ts";
import { DEFAULT_SETTINGS } from "../../scenario/settings.ts";
import { loadSpec } from "../config/spec-file.ts";
import { type ExecuteOptions, execute } from "../execute.ts";
import { layerFlags } from "../images/layers.ts";
import { checkBase } from "../images/site-base.ts";
import { withGpuMode } from "../plan.ts";
import { terminal } from "../terminal.ts";

export interface UpOptions extends ExecuteOptions, LayerWishes {
  readonly slurm?: string;
  readonly gpus?: GpuMode;
  readonly base?: string;
}

/** A run without steps, whose cluster stays. */
export async function up(wanted: string, options: UpOptions): Promise<number> {
  const { name, plan, release, compiled } = loadSpec(wanted, options);
  const workers = compressHostlist(workersUp(plan));
  const title = `The cluster of ${wanted} is ready: Slurm ${compiled?.version ?? plan.slurm}, workers ${workers}`;
  checkBase(options.base, compiled?.version);
  const scenario: LoadedScenario = {
    name,
    file: wanted,
    title,
    settings: DEFAULT_SETTINGS,
    body: {
      language: "yaml",
      scenario: { title, cluster: { nodes: [] }, without: undefined, breaks: [], steps: [] },
    },
  };
  const flags = [
    options.slurm ? `--slurm ${options.slurm}` : "",
    options.gpus ? `--gpus ${options.gpus}` : "",
    ...layerFlags(options),
    options.base ? `--base ${options.base}` : "",
  ];
  const repeat = ["pnpm cluster up", wanted, ...flags.filter(Boolean)].join(" ");
  const run = {
    scenario,
    plan: withGpuMode(plan, options.gpus),
    release,
    compiled,
    base: options.base,
    repeat,
    keep: "when-ready" as const,
  };
  return execute(run, options, terminal(options));
}
