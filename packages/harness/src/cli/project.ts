import { readFileSync } from "node:fs";
import { join } from "node:path";

const HARNESS = join(import.meta.dirname, "..", "..");

/** The folder whose files are the scenarios that can be called by name. */
export const SCENARIO_FOLDER = join(HARNESS, "..", "..", "scenarios");

/** Our version, as it stands in labels and reports. */
export const VERSION = (
  JSON.parse(readFileSync(join(HARNESS, "package.json"), "utf8")) as { version: string }
).version;

/** Where reports, evidence and build logs go: below the folder that the command was called in. */
export const OUTPUT_FOLDER = ".slurmlab";
