import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { type ClusterSpecInput, nearest, type Problem, planCluster } from "@slurmlab/config-gen";
import { DEFAULT_SLURM } from "@slurmlab/images";
import { isRecord, pathKeys } from "../document/yaml-document.ts";
import { messageOf } from "../errors/lab-error.ts";
import { parameterValues } from "./parameters.ts";
import type { Scenario } from "./scenario.ts";
import { readSettings, type Settings, settingsFrom, settingsSchema } from "./settings.ts";
import { placeInSource } from "./source-place.ts";
import { withoutProblems } from "./without.ts";

export type TypeScriptResult =
  | {
      readonly ok: true;
      readonly scenario: Scenario & { readonly cluster: ClusterSpecInput };
      readonly settings: Settings;
    }
  | { readonly ok: false; readonly problems: Problem[] };

const KEYS = ["title", "cluster", "without", "upgradesTo", ...Object.keys(settingsSchema.shape), "run"];

/** Imports a TypeScript scenario and checks all of it but its steps, which only a run can tell. */
export async function readTypeScript(
  file: string,
  given: Readonly<Record<string, string>> = {},
): Promise<TypeScriptResult> {
  const problems: Problem[] = [];
  const source = readFileSync(file, "utf8");
  const report = (problem: Problem, keys: ReadonlyArray<string | number>) =>
    problems.push({ ...problem, place: placeInSource(source, file, keys) });
  const error = (path: string, message: string, hint?: string) =>
    report({ severity: "error", path, message, ...(hint ? { hint } : {}) }, pathKeys(path));
  const failed = (): TypeScriptResult => ({ ok: false, problems });

  const found = await importDefault(file).catch((reason: unknown) => {
    const message = `the scenario cannot be loaded: ${messageOf(reason).split("\n")[0]}`;
    const place = placeOfError(reason, file) ?? { file, line: 1, column: 1 };
    problems.push({ severity: "error", path: "", message, place });
    return undefined;
  });
  if (problems.length > 0) return failed();
  if (!isRecord(found)) {
    error("", "the file has no scenario", "export default scenario({ title, cluster, run })");
    return failed();
  }
  for (const key of Object.keys(found).filter((each) => !KEYS.includes(each))) {
    const near = nearest(key, KEYS);
    error(key, `unknown key "${key}"`, near ? `did you mean "${near}"?` : `known: ${KEYS.join(", ")}`);
  }
  const { title, run } = found;
  if (typeof title !== "string" || title === "") error("title", "expected a sentence");
  if (typeof run !== "function") error("run", "expected the function that takes the steps");
  const read = readSettings(found);
  for (const problem of read.ok ? [] : read.problems) report(problem, pathKeys(problem.path));
  if (!read.ok) return failed();
  const { values, problems: ungiven } = parameterValues(read.settings.parameters, given);
  for (const problem of ungiven) report(problem, ["parameters"]);
  let cluster = found.cluster;
  try {
    if (typeof cluster === "function") cluster = cluster(values);
  } catch (reason) {
    error("cluster", `the cluster cannot be made of its parameters: ${messageOf(reason)}`);
    return failed();
  }
  const planned = planCluster(cluster, { defaultSlurm: DEFAULT_SLURM, path: "cluster" });
  for (const problem of planned.ok ? [] : planned.problems) report(problem, pathKeys(problem.path));
  if (found.without !== undefined) {
    for (const problem of withoutProblems(cluster, found.without)) {
      const path = ["without", problem.path].filter(Boolean).join(".");
      report({ ...problem, path }, pathKeys(path));
    }
  }
  if (problems.length > 0) return failed();
  const scenario = { ...found, cluster } as Scenario & { cluster: ClusterSpecInput };
  return { ok: true, scenario, settings: settingsFrom(read.settings, values) };
}

async function importDefault(file: string): Promise<unknown> {
  const url = pathToFileURL(file);
  const module = (await import(url.href)) as { default?: unknown };
  return module.default;
}

/** The place that a stack names, for what went wrong while the file was loaded. */
function placeOfError(reason: unknown, file: string): Problem["place"] {
  const stack = reason instanceof Error ? (reason.stack ?? "") : "";
  const escaped = file.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const match = new RegExp(`${escaped}:(\\d+)(?::(\\d+))?`).exec(stack);
  return match ? { file, line: Number(match[1]), column: Number(match[2] ?? 1) } : undefined;
}
