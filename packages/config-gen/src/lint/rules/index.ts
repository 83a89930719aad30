import type { Rule } from "../rule.ts";
import { accounting } from "./accounting.ts";
import { enforcement } from "./enforcement.ts";
import { gres } from "./gres.ts";
import { hosts } from "./hosts.ts";
import { keys } from "./keys.ts";
import { nodes } from "./nodes.ts";
import { options } from "./options.ts";
import { partitions } from "./partitions.ts";
import { plugins } from "./plugins.ts";
import { scripts } from "./scripts.ts";
import { secrets } from "./secrets.ts";
import { timeouts } from "./timeouts.ts";
import { topology } from "./topology.ts";
import { values } from "./values.ts";
import { words } from "./words.ts";

/** Everything that is looked for. A test compares this list with the folder. */
export const RULES: Readonly<Record<string, Rule>> = {
  accounting,
  enforcement,
  gres,
  hosts,
  keys,
  nodes,
  options,
  partitions,
  plugins,
  scripts,
  secrets,
  timeouts,
  topology,
  values,
  words,
};
