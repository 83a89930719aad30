import { clockSkew } from "./clock-skew.ts";
import { mungeDown } from "./munge-down.ts";
import { mungeKeyMode } from "./munge-key-mode.ts";
import { mungeMismatch } from "./munge-mismatch.ts";

/** Every fault, in the order of their reference. A new one is a file in this folder and a word here. */
export const FAULTS = [mungeMismatch, mungeDown, mungeKeyMode, clockSkew] as const;
