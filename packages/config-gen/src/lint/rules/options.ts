import { CHANGES, PLUGIN_KEYS } from "../../knowledge/knowledge.ts";
import type { Problem } from "../../problem.ts";
import type { ConfLine } from "../../read/conf-file.ts";
import { since } from "../../slurm/version.ts";
import { errorAt, type Subject, warningAt } from "../rule.ts";

/** Options inside a value (`SchedulerParameters=a,b=2`) that have gone, moved or lost their effect. */
export function* options({ site, knowledge }: Subject): Generator<Problem> {
  const changes = CHANGES.filter((change) => change.value !== undefined && since(knowledge.slurm, change.in));
  const pluginKeys = new Set(Object.keys(PLUGIN_KEYS).map((key) => key.toLowerCase()));
  for (const [file, conf] of site.confs) {
    for (const line of conf.lines) {
      if (line.record || pluginKeys.has(line.key.toLowerCase())) continue;
      for (const change of changes) {
        const same = change.file === file && change.key.toLowerCase() === line.key.toLowerCase();
        if (!same || !has(line, change.value ?? "")) continue;
        const gone = change.kind === "value-removed" || change.kind === "removed";
        const message = `${line.key}=${change.value} ${gone ? "was removed in" : change.kind === "ignored" ? "has no effect since" : "is deprecated since"} Slurm ${change.in}`;
        const finding = { code: "changed-option", message, hint: change.instead, says: change.says };
        yield gone ? errorAt(line, finding) : warningAt(line, finding);
      }
    }
  }
}

function has(line: ConfLine, option: string): boolean {
  const wanted = option.toLowerCase();
  return line.value
    .toLowerCase()
    .split(",")
    .some((part) => part === wanted || part.startsWith(`${wanted}=`) || part.split(":")[0] === wanted);
}
