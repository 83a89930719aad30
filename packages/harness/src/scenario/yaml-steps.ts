import { type ClusterPlan, nearest, type Problem } from "@slurmlab/config-gen";
import { z } from "zod";
import type { Watch } from "../conditions/watch.ts";
import { type DocumentPath, isRecord, pathKeys } from "../document/yaml-document.ts";
import type { InjectedFault } from "../faults/injected.ts";
import type { Backup } from "../verbs/backup.ts";
import { VERBS } from "../verbs/index.ts";
import type { Job } from "../verbs/job.ts";
import type { Load } from "../verbs/load.ts";
import type { ResultKind, Verb } from "../verbs/verb.ts";
import { NAME } from "./parameters.ts";
import { parseInput } from "./parse-input.ts";
import { resolveReferences } from "./references.ts";

/** One step as written: the verb, its input with `$name`s still in it, and its line. */
export interface YamlStep {
  readonly verb: Verb;
  readonly input: unknown;
  readonly as: string | undefined;
  readonly line: number;
}

/** What steps are checked against; nothing of a cluster that is too wrong to tell. */
export interface KnownCluster {
  readonly nodes: readonly string[] | undefined;
  readonly plan: ClusterPlan | undefined;
}

/** Takes a problem, and where in the document it is. */
export type Report = (problem: Problem, path: DocumentPath) => void;

/** Stands in for the result of a step that is wrong itself: whatever is done with it is not to be told of as well. */
export const UNKNOWN = Symbol("unknown");
/** Stand in for results while a file is only being checked. */
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
const SAMPLE_LOAD: Load = { kind: "load", jobs: [SAMPLE_JOB], title: "the load" };
const SAMPLE_BACKUP: Backup = { kind: "backup", of: "database", place: "", title: "the backup" };
const SAMPLES: Readonly<Record<Exclude<ResultKind, "nothing">, unknown>> = {
  job: SAMPLE_JOB,
  fault: SAMPLE_FAULT,
  text: "text",
  watch: SAMPLE_WATCH,
  load: SAMPLE_LOAD,
  backup: SAMPLE_BACKUP,
};

/** One step of a file, or nothing and what is wrong with it. */
export function readStep(step: unknown, index: number, report: Report, line: number): YamlStep | undefined {
  const path = ["steps", index];
  if (!isRecord(step)) {
    report({ severity: "error", path: `steps[${index}]`, message: "expected one verb with its input" }, path);
    return undefined;
  }
  const names: string[] = VERBS.map((verb) => verb.name);
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
  if (step.as !== undefined && !NAME.test(String(step.as))) {
    const message = `expected a name of letters, digits and _, seen ${JSON.stringify(step.as)}`;
    report({ severity: "error", path: `steps[${index}].as`, message }, [...path, "as"]);
  }
  return { verb, input: step[name], as: typeof step.as === "string" ? step.as : undefined, line };
}

/**
 * Checks each step's input with samples in place of the results that earlier steps have named, and the nodes it names
 * against the cluster's (unknown when those cannot be told). `parameters` are known from the start.
 */
export function checkSteps(
  steps: ReadonlyArray<YamlStep | undefined>,
  written: readonly unknown[],
  parameters: ReadonlyMap<string, unknown>,
  { nodes, plan }: KnownCluster,
  report: Report,
): void {
  const known = new Map(parameters);
  const there = nodes && [...nodes];
  for (const [i, step] of steps.entries()) {
    const raw = written[i];
    if (!step) {
      if (isRecord(raw) && typeof raw.as === "string") known.set(raw.as, UNKNOWN);
      continue;
    }
    const path = ["steps", i, step.verb.name];
    const unknown: string[] = [];
    const input = resolveReferences(step.input, (name, at) => {
      const value = known.get(name);
      if (known.has(name) && value !== UNKNOWN) return value;
      unknown.push(formatKeys(at));
      if (value === UNKNOWN) return SAMPLE_JOB;
      const either = parameters.size > 0 ? "neither a parameter nor" : "not";
      const message = `$${name} is ${either} the result of an earlier step`;
      report({ severity: "error", path: `steps[${i}]`, message, ...hint(name, [...known.keys()]) }, [
        ...path,
        ...at,
      ]);
      return SAMPLE_JOB;
    });
    const parsed = parseInput(step.verb.schema, input);
    const unwrapped = parsed.ok ? undefined : unwrappedReference(step, input);
    if (unwrapped) report({ severity: "error", path: `steps[${i}].${step.verb.name}`, ...unwrapped }, path);
    else if (!parsed.ok) {
      for (const problem of parsed.problems.filter((each) => !unknown.includes(each.path))) {
        const inner = [step.verb.name, problem.path].filter(Boolean).join(".");
        report({ ...problem, path: `steps[${i}].${inner}` }, [...path, ...pathKeys(problem.path)]);
      }
    }
    const named = nodesNamedBy(step.verb, parsed.ok ? parsed.value : input);
    for (const name of named.filter((each) => there && !there.includes(each))) {
      const message = `the cluster has no node "${name}"`;
      report(
        { severity: "error", path: `steps[${i}].${step.verb.name}`, message, ...hint(name, there ?? []) },
        path,
      );
    }
    if (parsed.ok) there?.push(...(step.verb.brings?.(parsed.value) ?? []));
    const unfit = parsed.ok && plan ? step.verb.check?.(parsed.value, plan) : undefined;
    if (unfit) report({ severity: "error", path: `steps[${i}].${step.verb.name}`, message: unfit }, path);
    if (step.as && known.has(step.as)) {
      const message = parameters.has(step.as)
        ? `a parameter has the name "${step.as}"`
        : `an earlier step has the name "${step.as}"`;
      report({ severity: "error", path: `steps[${i}].as`, message }, ["steps", i, "as"]);
    }
    if (step.as && step.verb.result !== "nothing") known.set(step.as, SAMPLES[step.verb.result]);
    if (step.as && step.verb.result === "nothing") {
      known.set(step.as, UNKNOWN);
      report(
        { severity: "error", path: `steps[${i}].as`, message: `${step.verb.name} has no result to name` },
        ["steps", i, "as"],
      );
    }
  }
}

/** `cancel: $job`, where the verb has a field for it: one problem, and not one for each field that a job has. */
function unwrappedReference(step: YamlStep, value: unknown): { message: string; hint: string } | undefined {
  const { verb, input } = step;
  const kind = isRecord(value) ? String(value.kind) : "";
  const fields = verb.schema instanceof z.ZodObject ? Object.keys(verb.schema.shape) : [];
  if (typeof input !== "string" || !fields.includes(kind)) return undefined;
  return {
    message: `expected a map of fields, seen ${input} alone`,
    hint: `${verb.name}: { ${kind}: ${input} }`,
  };
}

/** The nodes that an input names, also one that is wrong elsewhere, as far as its verb can make something of that. */
function nodesNamedBy(verb: Verb, input: unknown): string[] {
  try {
    return (verb.nodes?.(input) ?? []).filter((name) => typeof name === "string");
  } catch {
    return [];
  }
}

/** `["steps", 2, "until"]` as a person writes it: `steps[2].until`. */
export function formatKeys(keys: DocumentPath): string {
  return keys
    .map((key) => (typeof key === "number" ? `[${key}]` : `.${key}`))
    .join("")
    .replace(/^\./, "");
}

/** The nearest right word, or all of them. */
export function hint(word: string, known: readonly string[]): { hint?: string } {
  const near = nearest(word, known);
  return near
    ? { hint: `did you mean "${near}"?` }
    : known.length > 0
      ? { hint: `known: ${known.join(", ")}` }
      : {};
}
