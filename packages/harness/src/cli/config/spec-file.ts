import { existsSync, readFileSync } from "node:fs";
import { basename, extname } from "node:path";
import {
  type ClusterPlan,
  nearest,
  PRESETS,
  type PresetName,
  type Problem,
  planCluster,
} from "@slurmlab/config-gen";
import {
  DEFAULT_SLURM,
  findRelease,
  type LayerWishes,
  layerProblems,
  type SlurmRelease,
} from "@slurmlab/images";
import { isRecord, pathKeys, readYamlDocument, type YamlDocument } from "../../document/yaml-document.ts";
import { LabError, messageOf } from "../../errors/lab-error.ts";
import { layersWished } from "../images/layers.ts";
import { type CompiledSlurm, compiledSlurm } from "../images/wanted.ts";
import { problemList } from "./problems.ts";

/** A specification from a preset or a file, checked. */
export interface LoadedSpec {
  /** The preset's name, or the file's without its ending. */
  readonly name: string;
  readonly plan: ClusterPlan;
  readonly release: SlurmRelease;
  /** When the Slurm that is asked for is one that was compiled here. */
  readonly compiled?: CompiledSlurm | undefined;
}

/** Reads a preset by name or a YAML (or JSON) file; every problem with its place, before anything is done. */
export function loadSpec(
  wanted: string,
  options: { readonly slurm?: string | undefined } & LayerWishes = {},
): LoadedSpec {
  return checked(wanted, read(wanted), options);
}

/** The same for a specification that stands in no file; `wanted` is what it is called in messages. */
export function checkSpec(
  wanted: string,
  input: unknown,
  options: { readonly slurm?: string | undefined } & LayerWishes,
): LoadedSpec {
  return checked(wanted, { name: wanted, input }, options);
}

function checked(
  wanted: string,
  { name, input, document }: { name: string; input: unknown; document?: YamlDocument },
  options: { readonly slurm?: string | undefined } & LayerWishes,
): LoadedSpec {
  const compiled = compiledSlurm(options.slurm);
  const slurm = compiled?.release ?? options.slurm;
  const wished = { ...(slurm ? { slurm } : {}), ...layersWished(options) };
  const spec = isRecord(input) ? { ...input, ...wished } : input;
  const planned = planCluster(spec, { defaultSlurm: DEFAULT_SLURM });
  const problems: Problem[] = planned.ok ? [] : [...planned.problems];
  const release = planned.ok ? findRelease(planned.plan.slurm) : undefined;
  if (release && "severity" in release) problems.push(release);
  else if (release && planned.ok && !compiled) problems.push(...layerProblems(planned.plan, release.suite));
  if (problems.length > 0 || !planned.ok || !release || "severity" in release) {
    const placed = problems.map((problem) =>
      document ? { ...problem, place: document.placeOf(pathKeys(problem.path)) } : problem,
    );
    throw problemList(`${wanted} is no cluster`, placed);
  }
  return { name, plan: planned.plan, release, compiled };
}

function read(wanted: string): { name: string; input: unknown; document?: YamlDocument } {
  if (Object.hasOwn(PRESETS, wanted)) return { name: wanted, input: PRESETS[wanted as PresetName] };
  if (!existsSync(wanted)) throw unknown(wanted);
  const result = readYamlDocument(textOf(wanted), wanted);
  if (!result.ok) throw problemList(`${wanted} is no YAML`, result.problems);
  const { document } = result;
  // A scenario's file has its cluster under a key of its own: that is what is meant.
  const { root } = document;
  const inner = isRecord(root) && "cluster" in root && "steps" in root;
  const name = basename(wanted, extname(wanted));
  return inner
    ? {
        name,
        input: root.cluster,
        document: { ...document, placeOf: (path) => document.placeOf(["cluster", ...path]) },
      }
    : { name, input: root, document };
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new LabError({
      kind: "bad-input",
      message: `${path} cannot be read`,
      seen: messageOf(error),
      expected: "a specification in YAML",
      cause: error,
    });
  }
}

function unknown(wanted: string): LabError {
  const names = Object.keys(PRESETS);
  const near = nearest(wanted, names);
  return new LabError({
    kind: "bad-input",
    message: `there is no preset and no file "${wanted}"`,
    expected: `a preset (${names.join(", ")}) or the path of a specification`,
    ...(near ? { hint: `did you mean "${near}"?` } : {}),
  });
}
