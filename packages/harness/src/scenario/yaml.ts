import { type ClusterSpecInput, nearest, type Problem, planCluster } from "@slurmlab/config-gen";
import { DEFAULT_SLURM } from "@slurmlab/images";
import { isRecord, pathKeys, readYamlDocument } from "../document/yaml-document.ts";
import type { InvariantName } from "../invariants/index.ts";
import { likelyNodes } from "./likely-nodes.ts";
import { parameterValues } from "./parameters.ts";
import { resolveReferences } from "./references.ts";
import type { Scenario } from "./scenario.ts";
import {
  declaredNames,
  readSettings,
  type Settings,
  salvageSettings,
  settingsFrom,
  settingsSchema,
} from "./settings.ts";
import { withoutProblems } from "./without.ts";
import {
  checkSteps,
  formatKeys,
  hint,
  type KnownCluster,
  type Report,
  readStep,
  UNKNOWN,
  type YamlStep,
} from "./yaml-steps.ts";

export interface YamlScenario {
  readonly title: string;
  readonly cluster: ClusterSpecInput;
  readonly without: Scenario["without"];
  readonly breaks: readonly InvariantName[];
  readonly steps: readonly YamlStep[];
}

export type YamlResult =
  | {
      readonly ok: true;
      readonly scenario: YamlScenario;
      readonly settings: Settings;
      /** The cluster with its references to parameters still in it. */
      readonly clusterAsWritten: unknown;
      readonly withoutAsWritten: unknown;
      readonly deadlineAsWritten: string | undefined;
    }
  | { readonly ok: false; readonly problems: Problem[] };

const TOP_KEYS = ["title", ...Object.keys(settingsSchema.shape), "cluster", "without", "steps"];
/** Stands in for a parameter's value that is not known: fits between a hostlist's brackets. */
const PLACEHOLDER = 1;
/**
 * Reads and checks a whole YAML scenario without running anything: every problem with its line and column. `given` are
 * values of parameters, as text.
 */
export function readYaml(
  text: string,
  file: string,
  given: Readonly<Record<string, string>> = {},
): YamlResult {
  const yaml = readYamlDocument(text, file);
  if (!yaml.ok && !yaml.document) return { ok: false, problems: yaml.problems };
  const { root, placeOf } = yaml.document as NonNullable<typeof yaml.document>;
  const problems: Problem[] = yaml.ok ? [] : [...yaml.problems];
  const report: Report = (problem, path) => problems.push({ ...problem, place: placeOf(path) });
  if (!isRecord(root)) {
    report({ severity: "error", path: "", message: "expected a map with title, cluster and steps" }, []);
    return { ok: false, problems };
  }
  for (const key of Object.keys(root).filter((each) => !TOP_KEYS.includes(each))) {
    report({ severity: "error", path: key, message: `unknown key "${key}"`, ...hint(key, TOP_KEYS) }, [key]);
  }
  const { title, steps } = root;
  // A title under a misspelt key is that problem, and not also one of a title that is missing.
  const misspelt = (key: string) =>
    Object.keys(root).some((each) => !TOP_KEYS.includes(each) && nearest(each, TOP_KEYS) === key);
  if ((typeof title !== "string" || title === "") && !(title === undefined && misspelt("title")))
    report({ severity: "error", path: "title", message: "expected a sentence" }, ["title"]);
  const read = readSettings(root);
  for (const problem of read.ok ? [] : read.problems) report(problem, pathKeys(problem.path));
  const written = read.ok ? read.settings : salvageSettings(root);
  const { values, problems: ungiven } = parameterValues(written.parameters, given);
  for (const problem of ungiven) report(problem, ["parameters"]);
  const known = new Map<string, unknown>([
    ...declaredNames(root).map((name) => [name, UNKNOWN] as const),
    ...Object.entries(values),
  ]);
  const cluster = readCluster(root, known, report, misspelt("cluster"));
  const list = Array.isArray(steps)
    ? steps.map((step, i) => readStep(step, i, report, placeOf(["steps", i]).line))
    : [];
  if (list.length === 0 && !(steps === undefined && misspelt("steps")))
    report({ severity: "error", path: "steps", message: "expected at least one step" }, ["steps"]);
  checkSteps(list, Array.isArray(steps) ? steps : [], known, cluster, report);
  if (problems.length > 0) return { ok: false, problems };
  return {
    ok: true,
    scenario: {
      title: title as string,
      cluster: cluster.spec as ClusterSpecInput,
      without: cluster.without as Scenario["without"],
      breaks: written.breaks,
      steps: list.filter((step) => step !== undefined),
    },
    settings: settingsFrom(written, values),
    clusterAsWritten: root.cluster,
    withoutAsWritten: root.without,
    deadlineAsWritten: root.deadline as string | undefined,
  };
}

/** What is known of a cluster that may have problems. */
interface ReadCluster extends KnownCluster {
  readonly spec: unknown;
  readonly without: unknown;
}

/** The cluster with its parameters in place, and its nodes' names as far as they can be told. */
function readCluster(
  root: Readonly<Record<string, unknown>>,
  parameters: ReadonlyMap<string, unknown>,
  report: Report,
  misspelt: boolean,
): ReadCluster {
  const wrong: string[] = [];
  const resolved = (key: "cluster" | "without") =>
    resolveReferences(root[key], (name, at) => {
      const path = [key, ...at];
      const value = parameters.get(name);
      if (parameters.has(name) && value !== UNKNOWN) return value;
      wrong.push(formatKeys(path));
      if (value === UNKNOWN) return PLACEHOLDER;
      const message = `$${name} is not a parameter`;
      const near = hint(name, [...parameters.keys()]);
      report({ severity: "error", path: formatKeys(path), message, ...near }, path);
      return PLACEHOLDER;
    });
  const tell = (problems: readonly Problem[]) => {
    for (const problem of problems.filter(({ path }) => !wrong.includes(path)))
      report(problem, pathKeys(problem.path));
  };
  const [spec, without] = [resolved("cluster"), resolved("without")];
  if (root.cluster === undefined && misspelt) return { spec, without, nodes: undefined, plan: undefined };
  const planned = planCluster(spec, { defaultSlurm: DEFAULT_SLURM, path: "cluster" });
  if (!planned.ok) tell(planned.problems);
  if (root.without !== undefined)
    tell(
      withoutProblems(spec, without).map((problem) => ({
        ...problem,
        path: ["without", problem.path].filter(Boolean).join("."),
      })),
    );
  if (planned.ok) {
    const nodes = planned.plan.nodes.map((node) => node.name);
    return { spec, without, nodes: wrong.length === 0 ? nodes : undefined, plan: planned.plan };
  }
  return { spec, without, nodes: wrong.length === 0 ? likelyNodes(spec) : undefined, plan: undefined };
}
