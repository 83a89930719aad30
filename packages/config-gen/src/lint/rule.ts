import type { SlurmKnowledge } from "../knowledge/knowledge.ts";
import type { Problem } from "../problem.ts";
import type { Setting } from "../read/conf-file.ts";
import type { Site } from "../read/site.ts";

/** What a rule looks at: the site, and what the release accepts. */
export interface Subject {
  readonly site: Site;
  readonly knowledge: SlurmKnowledge;
  /** Users of the machine that the folder is on: an owner is judged only where SlurmUser exists at all. */
  readonly users: ReadonlySet<string>;
}

/** One thing that is looked for. Rules know nothing of one another; what the parser finds is reported apart. */
export type Rule = (subject: Subject) => Iterable<Problem>;

interface Finding {
  readonly code: string;
  readonly message: string;
  readonly hint?: string | undefined;
  readonly says?: string | undefined;
}

/** The release refuses it, or will not do what it says. */
export function errorAt(setting: Setting, finding: Finding, at: "key" | "value" = "value"): Problem {
  return problemAt("error", setting, finding, at);
}

/** Slurm takes it, and it is probably not what was meant. */
export function warningAt(setting: Setting, finding: Finding, at: "key" | "value" = "value"): Problem {
  return problemAt("warning", setting, finding, at);
}

function problemAt(
  severity: Problem["severity"],
  setting: Setting,
  { code, message, hint, says }: Finding,
  at: "key" | "value",
): Problem {
  return {
    severity,
    code,
    path: setting.key,
    message,
    ...(hint === undefined ? {} : { hint }),
    ...(says === undefined ? {} : { says }),
    place: at === "key" ? setting.place : setting.valuePlace,
  };
}
