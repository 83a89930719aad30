import { daemonsAlive } from "./daemons-alive.ts";
import { jobsAccounted } from "./jobs-accounted.ts";
import { nodesIdle } from "./nodes-idle.ts";

/** Every invariant, in the order in which they are checked: quick and telling ones first. */
export const INVARIANTS = [daemonsAlive, jobsAccounted, nodesIdle] as const;

export type InvariantName = (typeof INVARIANTS)[number]["name"];
export const INVARIANT_NAMES: readonly InvariantName[] = INVARIANTS.map((invariant) => invariant.name);
