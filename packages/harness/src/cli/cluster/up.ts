import { compressHostlist, type GpuMode } from "@slurmlab/config-gen";
import type { LayerWishes } from "@slurmlab/images";
import { listClusters } from "../../cluster/sweep.ts";
import { workersUp } from "../../cluster/workers.ts";
import { findEngine, lookForEngine } from "../../engine/find.ts";
import { LabError } from "../../errors/lab-error.ts";
import { INVARIANT_NAMES } from "../../invariants/index.ts";
import type { LoadedScenario } from "../../scenario/load.ts";
import { DEFAULT_SETTINGS } from "../../scenario/settings.ts";
import type { Snapshot } from "../../snapshot/record.ts";
import { checkRelease } from "../../snapshot/release.ts";
import { findSnapshot } from "../../snapshot/stored.ts";
import { checkSpec, type LoadedSpec, loadSpec } from "../config/spec-file.ts";
import { type ExecuteOptions, execute } from "../execute.ts";
import { layerFlags } from "../images/layers.ts";
import { checkBase } from "../images/site-base.ts";
import { withGpuMode } from "../plan.ts";
import { type Terminal, terminal } from "../terminal.ts";

export interface UpOptions extends ExecuteOptions, LayerWishes {
  readonly slurm?: string;
  readonly gpus?: GpuMode;
  readonly base?: string;
  /** A snapshot's name, in place of a specification. */
  readonly from?: string;
  /** What to call the cluster. */
  readonly name?: string;
}

/** A run without steps, whose cluster stays. */
export async function up(wanted: string | undefined, options: UpOptions): Promise<number> {
  const out = terminal(options);
  await checkName(options.name);
  const { what, spec, snapshot } = await asked(wanted, options, out);
  const { name, plan, release, compiled } = spec;
  const workers = compressHostlist(workersUp(plan));
  const history = snapshot ? `, ${historyOf(snapshot)}` : "";
  const title = `The cluster of ${what} is ready: Slurm ${compiled?.version ?? plan.slurm}, workers ${workers}${history}`;
  checkBase(options.base, compiled?.version);
  const scenario: LoadedScenario = {
    name,
    file: what,
    title,
    settings: DEFAULT_SETTINGS,
    body: {
      language: "yaml",
      scenario: {
        title,
        cluster: { nodes: [] },
        without: undefined,
        breaks: snapshot ? WITH_HISTORY : [],
        steps: [],
      },
    },
  };
  const flags = [
    options.slurm ? `--slurm ${options.slurm}` : "",
    options.gpus ? `--gpus ${options.gpus}` : "",
    ...layerFlags(options),
    options.base ? `--base ${options.base}` : "",
    options.name ? `--name ${options.name}` : "",
  ];
  const repeat = ["pnpm cluster up", wanted ?? `--from ${options.from}`, ...flags.filter(Boolean)].join(" ");
  const run = {
    scenario,
    plan: withGpuMode(plan, options.gpus),
    release,
    compiled,
    base: options.base,
    repeat,
    snapshot,
    keep: "when-ready" as const,
    clusterName: options.name,
  };
  return execute(run, options, out);
}

/** It becomes part of names in the engine, and so has their letters. */
const NAME = /^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/;

async function checkName(name: string | undefined): Promise<void> {
  if (name === undefined) return;
  if (!NAME.test(name))
    throw new LabError({
      kind: "bad-input",
      message: `"${name}" is no name for a cluster`,
      expected: "1 to 32 of a-z, 0-9 and -, and no - at an end",
    });
  const found = await lookForEngine(process.env);
  const clusters = found ? await listClusters(found.engine) : [];
  const other = clusters.find((cluster) => cluster.name === name || cluster.id === name);
  if (!other) return;
  throw new LabError({
    kind: "bad-input",
    message: `there is a cluster called "${name}" already`,
    seen: `${other.id}, ${other.state}, since ${other.created}`,
    hint: `\`pnpm cluster down ${name}\` removes it, or give another name`,
  });
}

/** A queue goes on as soon as there are nodes: only what is true at any moment is looked at. */
const WITH_HISTORY = INVARIANT_NAMES.filter((name) => name !== "daemons-alive" && name !== "no-core-dumps");

interface Asked {
  /** In messages: a preset, a file, or the snapshot. */
  readonly what: string;
  readonly spec: LoadedSpec;
  readonly snapshot: Snapshot | undefined;
}

async function asked(wanted: string | undefined, options: UpOptions, out: Terminal): Promise<Asked> {
  const { from } = options;
  if ((wanted === undefined) === (from === undefined))
    throw new LabError({
      kind: "bad-input",
      message:
        from === undefined ? "which cluster?" : "a specification and a snapshot, which has one of its own",
      expected: "a preset, the path of a specification, or --from SNAPSHOT, and one of them",
    });
  if (from === undefined)
    return { what: wanted ?? "", spec: loadSpec(wanted ?? "", options), snapshot: undefined };
  // A snapshot is in an engine, which has to run to say what is in it.
  const { engine } = await findEngine(process.env, {
    say: out.note,
    confirm: out.confirm,
    signal: new AbortController().signal,
  });
  const snapshot = await findSnapshot(engine, from);
  checkRelease(snapshot.record, options.slurm);
  const what = `the snapshot ${from}`;
  const spec = checkSpec(what, snapshot.record.spec, { slurm: snapshot.record.slurm, ...options });
  return { what, spec: { ...spec, name: from }, snapshot };
}

function historyOf({ record }: Snapshot): string {
  const { accounted, queued } = record.jobs;
  return `${accounted} jobs in accounting and ${queued} in the queue when it was taken`;
}
