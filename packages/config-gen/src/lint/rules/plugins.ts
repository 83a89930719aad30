import {
  CHANGES,
  type Change,
  PLUGIN_KEYS,
  type PluginKey,
  type SlurmKnowledge,
} from "../../knowledge/knowledge.ts";
import { nearest } from "../../nearest.ts";
import type { Problem } from "../../problem.ts";
import type { ConfLine } from "../../read/conf-file.ts";
import { since } from "../../slurm/version.ts";
import { errorAt, type Subject, warningAt } from "../rule.ts";

/** Plugins that the release does not have, has no longer, or that are on their way out. */
export function* plugins({ site, knowledge }: Subject): Generator<Problem> {
  for (const file of ["slurm.conf", "slurmdbd.conf", "cgroup.conf"]) {
    for (const line of site.confs.get(file)?.lines ?? []) {
      const key = line.record ? undefined : PLUGIN_KEY.get(line.key.toLowerCase());
      if (key) yield* check(line, key, knowledge, file);
    }
  }
}

/** By key in lower case. */
const PLUGIN_KEY = new Map(Object.entries(PLUGIN_KEYS).map(([key, plugin]) => [key.toLowerCase(), plugin]));

/** Values that mean "no plugin" or "look for yourself", and that every release takes. */
const NO_PLUGIN = new Set(["", "none", "autodetect", "disabled"]);

function* check(line: ConfLine, key: PluginKey, knowledge: SlurmKnowledge, file: string): Generator<Problem> {
  const known = knowledge.plugins[key.type];
  if (!known) return;
  for (const value of key.list ? line.value.split(",") : [line.value]) {
    const name = value
      .trim()
      .toLowerCase()
      .replace(new RegExp(`^${key.type}/`), "");
    const full = key.bare ? name : `${key.type}/${name}`;
    const change = changeOf(line, full, knowledge, file);
    if (change?.kind === "value-removed") {
      yield errorAt(line, {
        code: "removed-plugin",
        message: `${full} was removed in Slurm ${change.in}`,
        hint: change.instead,
        says: saysOf(change, knowledge.slurm)?.replaceAll("{value}", full).replaceAll("{key}", line.key),
      });
      continue;
    }
    if (change) {
      const message = `${full} is deprecated since Slurm ${change.in}`;
      yield warningAt(line, { code: "deprecated-plugin", message, hint: change.instead, says: change.says });
      continue;
    }
    if (NO_PLUGIN.has(name) || known.includes(name) || isCredSlurm(full, knowledge)) continue;
    const near = nearest(name, known);
    const list = known.map((each) => (key.bare ? each : `${key.type}/${each}`));
    yield errorAt(line, {
      code: "unknown-plugin",
      message: `Slurm ${knowledge.slurm} has no plugin ${full}`,
      hint: near ? `did you mean ${key.bare ? near : `${key.type}/${near}`}?` : `it has ${list.join(", ")}`,
      says: `Couldn't find the specified plugin name for ${key.type}/${name} looking at all files`,
    });
  }
}

/** No library of its own: that of auth/slurm brings it along. */
function isCredSlurm(plugin: string, knowledge: SlurmKnowledge): boolean {
  return plugin === "cred/slurm" && (knowledge.plugins.auth ?? []).includes("slurm");
}

function saysOf({ says, saysLater }: Change, slurm: string): string | undefined {
  return saysLater && since(slurm, saysLater.in) ? saysLater.says : says;
}

function changeOf(line: ConfLine, value: string, knowledge: SlurmKnowledge, file: string) {
  return CHANGES.findLast(
    (change) =>
      change.file === file &&
      change.key.toLowerCase() === line.key.toLowerCase() &&
      change.value?.toLowerCase() === value.toLowerCase() &&
      since(knowledge.slurm, change.in),
  );
}
