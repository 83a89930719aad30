import type { StepContext } from "../verbs/verb.ts";
import type { Ask, FirstLooks } from "./first-looks.ts";

/** Something that must hold after every scenario, unless the scenario says that it breaks it. */
export interface Invariant<Name extends string = string> {
  readonly name: Name;
  /** The claim, as a sentence. */
  readonly claim: string;
  /** What it has to see, all of which is asked at once with what the others have to. */
  asks(context: StepContext): readonly Ask[];
  /** Rejects with a LabError of kind `failed` when it does not hold. */
  check(context: StepContext, looks: FirstLooks): Promise<void>;
}

export function defineInvariant<const Name extends string>(invariant: Invariant<Name>): Invariant<Name> {
  return invariant;
}
