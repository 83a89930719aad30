import { type ClusterPlan, nearest, type Problem, planCluster } from "@slurmlab/config-gen";
import { DEFAULT_SLURM } from "@slurmlab/images";
import type { Watch } from "../conditions/watch.ts";
import { type DocumentPath, isRecord, pathKeys, readYamlDocument } from "../document/yaml-document.ts";
import type { InjectedFault } from "../faults/injected.ts";
import { INVARIANT_NAMES, type InvariantName } from "../invariants/index.ts";
import { VERBS } from "../verbs/index.ts";
import type { Job } from "../verbs/job.ts";
import type { ResultKind, Verb } from "../verbs/verb.ts";
import { parseInput } from "./parse-input.ts";
import type { Scenario } from "./scenario.ts";
import { withoutProblems } from "./without.ts";

/** One step as written: the verb, its input with `$name`s still in it, and its line. */
interface YamlStep {
  readonly verb: Verb;
  readonly input: unknown;
  readonly as: string | undefined;
  readonly line: number;
}

export interface YamlScenario {
  readonly title: string;
  readonly cluster: Scenario["cluster"];
  readonly without: Scenario["without"];
  readonly breaks: readonly InvariantName[];
  readonly steps: readonly YamlStep[];
}

export type YamlResult =
  | { readonly ok: true; readonly scenario: YamlScenario }
  | { readonly ok: false; readonly problems: Problem[] };

const TOP_KEYS = ["title", "cluster", "without", "breaks", "steps"];
/** Stands in for a job while a file is only being checked. */
const SAMPLE_JOB: Job = {
  kind: "job",
  id: "1",
  parts: ["1"],
  user: "ada",
  outputPath: "/home/ada/slurm-1.out",
  title: "job 1",
};

const SAMPLE_FAULT: InjectedFault = { kind: "fault", index: -1, title: "a fault" };
const SAMPLE_WATCH: Watch = {
  kind: "watch",
  claim: "job 1 is RUNNING",
  end: async () => ({ looks: 1, seconds: 1 }),
};
/** Stand-ins for results, by their kind. */
const SAMPLES: Readonly<Record<Exclude<ResultKind, "nothing">, unknown>> = {
  job: SAMPLE_JOB,
  fault: SAMPLE_FAULT,
  text: "text",
  watch: SAMPLE_WATCH,
};

/** Reads and checks a whole YAML scenario without running anything: every problem with its line and column. */
export function readYaml(text: string, file: string): YamlResult {
  const yaml = readYamlDocument(text, file);
  if (!yaml.ok) return { ok: false, problems: yaml.problems };
  const { root, placeOf } = yaml.document;
  const problems: Problem[] = [];
  const report = (problem: Problem, path: DocumentPath) =>
    problems.push({ ...problem, place: placeOf(path) });
  if (!isRecord(root)) {
    report({ severity: "error", path: "", message: "expected a map with title, cluster and steps" }, []);
    return { ok: false, problems };
  }
  for (const key of Object.keys(root).filter((each) => !TOP_KEYS.includes(each))) {
    report({ severity: "error", path: key, message: `unknown key "${key}"`, ...hint(key, TOP_KEYS) }, [key]);
  }
  const { title, cluster, without, breaks = [], steps } = root;
  if (typeof title !== "string" || title === "")
    report({ severity: "error", path: "title", message: "expected a sentence" }, ["title"]);
  const planned = planCluster(cluster, { defaultSlurm: DEFAULT_SLURM });
  if (!planned.ok) {
    for (const problem of planned.problems)
      report({ ...problem, path: ["cluster", problem.path].filter(Boolean).join(".") }, [
        "cluster",
        ...pathKeys(problem.path),
      ]);
  }
  if (without !== undefined) {
    for (const problem of withoutProblems(cluster, without))
      report({ ...problem, path: ["without", problem.path].filter(Boolean).join(".") }, [
        "without",
        ...pathKeys(problem.path),
      ]);
  }
  if (!Array.isArray(breaks)) {
    const message = `expected a list of invariants, seen ${JSON.stringify(breaks)}`;
    report({ severity: "error", path: "breaks", message, hint: `known: ${INVARIANT_NAMES.join(", ")}` }, [
      "breaks",
    ]);
  }
  for (const name of Array.isArray(breaks) ? breaks : []) {
    if (!INVARIANT_NAMES.includes(name)) {
      report(
        {
          severity: "error",
          path: "breaks",
          message: `unknown invariant "${name}"`,
          ...hint(String(name), INVARIANT_NAMES),
        },
        ["breaks"],
      );
    }
  }
  const read = Array.isArray(steps)
    ? steps.map((step, i) => readStep(step, i, report, placeOf(["steps", i]).line))
    : [];
  if (read.length === 0)
    report({ severity: "error", path: "steps", message: "expected at least one step" }, ["steps"]);
  checkSteps(read, planned.ok ? planned.plan : undefined, report);
  if (problems.length > 0) return { ok: false, problems };
  return {
    ok: true,
    scenario: {
      title: title as string,
      cluster: cluster as Scenario["cluster"],
      without: without as Scenario["without"],
      breaks: breaks as InvariantName[],
      steps: read.filter((step) => step !== undefined),
    },
  };
}

type Report = (problem: Problem, path: ReadonlyArray<string | number>) => void;

function readStep(step: unknown, index: number, report: Report, line: number): YamlStep | undefined {
  const path = ["steps", index];
  if (!isRecord(step)) {
    report({ severity: "error", path: `steps[${index}]`, message: "expected one verb with its input" }, path);
    return undefined;
  }
  const names = VERBS.map((verb): string => verb.name);
  const keys = Object.keys(step).filter((key) => key !== "as");
  const [name, ...more] = keys;
  const verb = VERBS.find((candidate) => candidate.name === name) as Verb | undefined;
  if (!verb || name === undefined || more.length > 0) {
    const message =
      more.length > 0 ? `expected one verb, seen ${keys.join(", ")}` : `unknown verb "${name ?? ""}"`;
    report({ severity: "error", path: `steps[${index}]`, message, ...hint(name ?? "", names) }, [
      ...path,
      ...(name ? [name] : []),
    ]);
    return undefined;
  }
  if (step.as !== undefined && !/^[A-Za-z][A-Za-z0-9_]*$/.test(String(step.as))) {
    const message = `expected a name of letters, digits and _, seen ${JSON.stringify(step.as)}`;
    report({ severity: "error", path: `steps[${index}].as`, message }, [...path, "as"]);
  }
  return { verb, input: step[name], as: typeof step.as === "string" ? step.as : undefined, line };
}

/**
 * Checks each step's input with samples in place of the results that earlier steps have named, and the nodes it names
 * against the cluster's (undefined when the cluster itself is wrong).
 */
function checkSteps(
  steps: ReadonlyArray<YamlStep | undefined>,
  plan: ClusterPlan | undefined,
  report: Report,
): void {
  const nodes = plan?.nodes.map((node) => node.name);
  const known = new Map<string, unknown>();
  for (const [i, step] of steps.entries()) {
    if (!step) continue;
    const path = ["steps", i, step.verb.name];
    const input = resolveReferences(step.input, (name) => {
      if (known.has(name)) return known.get(name);
      const message = `$${name} is not the result of an earlier step`;
      report({ severity: "error", path: `steps[${i}]`, message, ...hint(name, [...known.keys()]) }, path);
      return SAMPLE_JOB;
    });
    const parsed = parseInput(step.verb.schema, input);
    if (!parsed.ok) {
      for (const problem of parsed.problems) {
        const inner = [step.verb.name, problem.path].filter(Boolean).join(".");
        report({ ...problem, path: `steps[${i}].${inner}` }, [...path, ...pathKeys(problem.path)]);
      }
    }
    const named = parsed.ok ? (step.verb.nodes?.(parsed.value) ?? []) : [];
    for (const name of named.filter((each) => nodes && !nodes.includes(each))) {
      const message = `the cluster has no node "${name}"`;
      report(
        { severity: "error", path: `steps[${i}].${step.verb.name}`, message, ...hint(name, nodes ?? []) },
        path,
      );
    }
    const unfit = parsed.ok && plan ? step.verb.check?.(parsed.value, plan) : undefined;
    if (unfit) report({ severity: "error", path: `steps[${i}].${step.verb.name}`, message: unfit }, path);
    if (step.as && known.has(step.as)) {
      const message = `an earlier step has the name "${step.as}"`;
      report({ severity: "error", path: `steps[${i}].as`, message }, ["steps", i, "as"]);
    }
    if (step.as && step.verb.result !== "nothing") known.set(step.as, SAMPLES[step.verb.result]);
    if (step.as && step.verb.result === "nothing") {
      report(
        { severity: "error", path: `steps[${i}].as`, message: `${step.verb.name} has no result to name` },
        ["steps", i, "as"],
      );
    }
  }
}

/** Replaces every string that is `$name`, at any depth, by what `lookUp` gives. `$$` at the start means a plain `$`. */
export function resolveReferences(input: unknown, lookUp: (name: string) => unknown): unknown {
  if (typeof input === "string") {
    const name = /^\$([A-Za-z][A-Za-z0-9_]*)$/.exec(input)?.[1];
    return name ? lookUp(name) : input.startsWith("$$") ? input.slice(1) : input;
  }
  if (Array.isArray(input)) return input.map((item) => resolveReferences(item, lookUp));
  if (!isRecord(input)) return input;
  return Object.fromEntries(
    Object.entries(input).map(([key, value]) => [key, resolveReferences(value, lookUp)]),
  );
}

function hint(word: string, known: readonly string[]): { hint?: string } {
  const near = nearest(word, known);
  return near
    ? { hint: `did you mean "${near}"?` }
    : known.length > 0
      ? { hint: `known: ${known.join(", ")}` }
      : {};
}
