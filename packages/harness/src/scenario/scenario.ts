import type { ClusterSpecInput } from "@slurmlab/config-gen";
import type { z } from "zod";
import type { Cluster } from "../cluster/cluster.ts";
import type { InvariantName } from "../invariants/index.ts";
import type { VERBS } from "../verbs/index.ts";

type AnyVerb = (typeof VERBS)[number];

/** `expect-log` as a method: `expectLog`. */
type CamelCase<Name extends string> = Name extends `${infer Head}-${infer Tail}`
  ? `${Head}${Capitalize<CamelCase<Tail>>}`
  : Name;

/**
 * What a scenario's `run` gets: every verb as a method, and the facts of the cluster it runs on. Derived from the
 * list of verbs, so that a misspelt verb, field or state does not compile.
 */
export type ScenarioContext = {
  readonly [V in AnyVerb as CamelCase<V["name"]>]: (input: z.input<V["schema"]>) => ReturnType<V["run"]>;
} & { readonly cluster: Pick<Cluster, "plan" | "facts" | "gpus"> };

/** A scenario: a claim that can be false, a cluster, and the steps that try the claim. */
export interface Scenario {
  /** The claim, as a sentence. */
  readonly title: string;
  readonly cluster: ClusterSpecInput;
  /**
   * What `--without-fault` changes in the cluster, when the scenario is about its configuration: with this patch the
   * scenario must fail. Maps are merged, everything else replaces what it stands for.
   */
  readonly without?: Partial<ClusterSpecInput> | undefined;
  /** Invariants that the scenario breaks on purpose. */
  readonly breaks?: readonly InvariantName[];
  run(context: ScenarioContext): Promise<void>;
}

/** Only there for the types: `export default scenario({ ... })`. */
export function scenario(definition: Scenario): Scenario {
  return definition;
}
