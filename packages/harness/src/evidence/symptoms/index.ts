import { ACCOUNTING } from "./accounting.ts";
import { AUTHENTICATION } from "./authentication.ts";
import { CONFIGURATION } from "./configuration.ts";
import { GPUS } from "./gpus.ts";
import { JOBS } from "./jobs.ts";
import { NODES } from "./nodes.ts";
import { STATE } from "./state.ts";
import type { KnownSymptom } from "./symptom.ts";

/** By subject. The first of two that fit a line is told. */
export const KNOWN_SYMPTOMS: readonly KnownSymptom[] = [
  ...AUTHENTICATION,
  ...CONFIGURATION,
  ...ACCOUNTING,
  ...STATE,
  ...NODES,
  ...GPUS,
  ...JOBS,
];
