import type { ClusterSpecInput } from "@slurmlab/config-gen";
import type { z } from "zod";
import type { Cluster } from "../cluster/cluster.ts";
import type { InvariantName } from "../invariants/index.ts";
import type { VERBS } from "../verbs/index.ts";
import type { Random } from "../verbs/random.ts";
import type { ParameterSpecs, ParameterValues } from "./parameters.ts";
import type { settingsSchema } from "./settings.ts";

type AnyVerb = (typeof VERBS)[number];

/** `expect-log` as a method: `expectLog`. */
type CamelCase<Name extends string> = Name extends `${infer Head}-${infer Tail}`
  ? `${Head}${Capitalize<CamelCase<Tail>>}`
  : Name;

/**
 * What a scenario's `run` gets: every verb as a method, the facts of the cluster it runs on, its parameters' values and
 * a random source. The verbs are derived from their list, so that a misspelt verb, field or state does not compile.
 */
export type ScenarioContext<P extends ParameterSpecs = ParameterSpecs> = {
  readonly [V in AnyVerb as CamelCase<V["name"]>]: (input: z.input<V["schema"]>) => ReturnType<V["run"]>;
} & {
  readonly cluster: Pick<Cluster, "plan" | "facts" | "gpus" | "upgrades">;
  readonly parameters: ParameterValues<P>;
  /** The same numbers for the same `--seed`. */
  readonly random: Random;
};

type SettingsInput = z.input<typeof settingsSchema>;

/** A scenario as its author writes it: a claim that can be false, a cluster, and the steps that try the claim. */
export interface ScenarioDefinition<P extends ParameterSpecs = ParameterSpecs> {
  /** The claim, as a sentence. */
  readonly title: string;
  /** The cluster, or what makes it of the parameters. */
  readonly cluster: ClusterSpecInput | ((parameters: ParameterValues<P>) => ClusterSpecInput);
  /**
   * What `--without-fault` changes in the cluster, when the scenario is about its configuration: with this patch the
   * scenario must fail. Maps are merged, everything else replaces what it stands for.
   */
  readonly without?: Partial<ClusterSpecInput> | undefined;
  /** Words to choose scenarios by: `--tag gpu`. */
  readonly tags?: SettingsInput["tags"];
  /** What it needs: `{ slurm: ">= 22.05", cgroup: "v2" }`. It is skipped, with the reason, where that is not to be had. */
  readonly requires?: SettingsInput["requires"];
  /** What `--set` can give, each with its type, default and description. */
  readonly parameters?: P;
  /** The time that the cluster's start and the steps may take together: `"10m"`, the default. */
  readonly deadline?: SettingsInput["deadline"];
  /**
   * Releases that its steps upgrade to; their images are made before the start. `next`: the one after the cluster's own,
   * and where there is none that Slurm takes that step to, the scenario is skipped.
   */
  readonly upgradesTo?: readonly string[];
  /** Invariants that the scenario breaks on purpose. */
  readonly breaks?: readonly InvariantName[];
  run(context: ScenarioContext<P>): Promise<void>;
}

/** A scenario with its parameters' types forgotten, as the runner takes it. */
export type Scenario = ScenarioDefinition;

/** Only there for the types: `export default scenario({ ... })`. */
export function scenario<const P extends ParameterSpecs = Readonly<Record<never, never>>>(
  definition: ScenarioDefinition<P>,
): Scenario {
  return definition as unknown as Scenario;
}
