import { join } from "node:path";
import { type ClusterPlan, type ClusterSpecInput, formatProblem, planCluster } from "@slurmlab/config-gen";
import { DEFAULT_SLURM, findRelease, imageSet } from "@slurmlab/images";
import { engineFor } from "../cli/execute.ts";
import { withLayers } from "../cli/images/layers.ts";
import { prepareImages } from "../cli/images/prepare.ts";
import { toolInstaller } from "../cli/images/tools.ts";
import { plainWatch } from "../cli/images/watch.ts";
import { plainOutput } from "../cli/output/plain.ts";
import { OUTPUT_FOLDER, VERSION } from "../cli/project.ts";
import { terminal } from "../cli/terminal.ts";
import { type Cluster, nodeNamed } from "../cluster/cluster.ts";
import { newClusterId } from "../cluster/names.ts";
import { imageRolesOf } from "../cluster/node-images.ts";
import { startReaper } from "../cluster/reaper.ts";
import { startCluster } from "../cluster/start.ts";
import { checkStartable } from "../cluster/startable.ts";
import { sweep } from "../cluster/sweep.ts";
import type { Engine, ExecOptions, ExecResult } from "../engine/engine.ts";
import { LABEL, ownerOf } from "../engine/labels.ts";
import { LabError } from "../errors/lab-error.ts";
import { Undo } from "../errors/undo.ts";
import { saveEvidence } from "../evidence/collect.ts";
import { readClusterFiles } from "../evidence/node-files.ts";

export interface LabClusterOptions {
  /** Part of the cluster's id, so that `pnpm cluster list` tells whose it is. */
  readonly name?: string;
  /** Ends the start; what was made is removed. */
  readonly signal?: AbortSignal;
  /** What goes on, a line each; nothing is told without it. */
  readonly onProgress?: (line: string) => void;
}

/** A running cluster for tests of one's own tools. `await using` removes it, and a process that is killed has it removed. */
export interface LabCluster extends AsyncDisposable {
  readonly id: string;
  /** Every node, daemon and partition, with nothing left to decide. */
  readonly plan: ClusterPlan;
  /** The ordinary user of the cluster, who has a home on login and on the workers. */
  readonly user: string;
  /** Runs a program to its end, whatever its exit code; on the login node as the ordinary user unless something else is said. */
  exec(argv: readonly string[], options?: ExecOptions & { readonly on?: string }): Promise<ExecResult>;
  /** Writes a file as the ordinary user on the login node, whose home the workers share. `mode` in octal: 644. */
  writeFile(path: string, content: string, mode?: string): Promise<void>;
  /** Saves logs, configuration and what Slurm says of itself into a folder. */
  saveEvidence(folder: string): Promise<void>;
  /** Removes everything; rejects with what is left. */
  down(): Promise<void>;
}

/** Starts a cluster, with an engine and images got as by `pnpm scenario`, and resolves when Slurm says that it is ready. */
export async function startLabCluster(
  spec: ClusterSpecInput,
  options: LabClusterOptions = {},
): Promise<LabCluster> {
  const planned = planCluster(spec, { defaultSlurm: DEFAULT_SLURM, path: "cluster" });
  if (!planned.ok) throw badSpec(planned.problems.map(formatProblem));
  const { plan } = planned;
  const release = findRelease(plan.slurm);
  if ("severity" in release) throw badSpec([formatProblem(release)]);
  checkStartable(plan);
  const { signal = new AbortController().signal, onProgress: say = () => {} } = options;
  const undo = new Undo();
  const id = newClusterId(options.name ?? "test");
  const out = terminal({ yes: true });
  const { engine } = await engineFor(plainOutput(say, out.colors, false), out, signal);
  await sweep(engine);
  const wanted = withLayers(imageSet(release, engine.architecture), plan);
  const images = await prepareImages(engine, wanted, imageRolesOf(plan), {
    watch: plainWatch(say, () => {}),
    ensureTool: toolInstaller(out, { say, signal }),
    signal,
  });
  const labels = {
    [LABEL.tool]: VERSION,
    [LABEL.scenario]: options.name ?? "test",
    [LABEL.owner]: ownerOf(process.pid),
    [LABEL.created]: new Date().toISOString(),
  };
  const reaper = startReaper();
  const down = async () => {
    const left = await undo.run();
    if (left.length === 0) reaper.done();
    else
      throw new LabError({
        kind: "broken",
        message: `left: ${left.join(", ")}`,
        hint: `pnpm cluster down ${id}`,
      });
  };
  try {
    const cluster = await startCluster(engine, { id, plan, images, labels, undo, signal, onProgress: say });
    return labCluster(cluster, down);
  } catch (error) {
    // Why it did not start is in the logs, which are about to go.
    await keepEvidence(engine, id, evidenceFolder(id)).catch(() => {});
    await down();
    throw error;
  }
}

/** Where the evidence of a cluster goes, below the folder that the tests run in. */
export function evidenceFolder(id: string): string {
  return join(OUTPUT_FOLDER, "tests", id);
}

function labCluster(cluster: Cluster, down: () => Promise<void>): LabCluster {
  const { id, plan } = cluster;
  const login = plan.nodes.find((node) => node.roles.includes("login"))?.name ?? "login";
  const exec: LabCluster["exec"] = (argv, { on = login, ...options } = {}) =>
    nodeNamed(cluster, on).exec(argv, { user: plan.user, ...options });
  return {
    id,
    plan,
    user: plan.user,
    exec,
    async writeFile(path, content, mode = "644") {
      const argv = ["sh", "-c", 'cat > "$1" && chmod "$2" "$1"', "sh", path, mode];
      const { code, stderr } = await exec(argv, { stdin: content });
      if (code !== 0)
        throw new LabError({
          kind: "broken",
          message: `${path} could not be written`,
          seen: stderr,
          where: login,
        });
    },
    saveEvidence: (folder) => keepEvidence(cluster.engine, id, folder),
    down,
    [Symbol.asyncDispose]: down,
  };
}

async function keepEvidence(engine: Engine, id: string, folder: string): Promise<void> {
  await saveEvidence(engine, await readClusterFiles(engine, id), folder);
}

function badSpec(problems: readonly string[]): LabError {
  return new LabError({ kind: "bad-input", message: problems.join("\n") });
}
