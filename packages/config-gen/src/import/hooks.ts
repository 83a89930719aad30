import type { Setting } from "../read/conf-file.ts";
import { type Site, settingOf } from "../read/site.ts";
import type { SiteFile } from "../read/site-files.ts";
import type { ScriptName } from "../spec/script-schema.ts";
import type { Note } from "./note.ts";
import { withoutLiterals } from "./other-files.ts";

/**
 * What to do with a site's own programs. auto: Lua, which is policy, is carried along; what runs on nodes is replaced, as it
 * usually calls what a container has not, and a prolog that fails drains its node.
 */
export const HOOK_MODES = ["auto", "carry", "stub"] as const;
export type HookMode = (typeof HOOK_MODES)[number];

/** Keys of slurm.conf that name a program, and the script that a specification has for it. */
const HOOKS: Readonly<Record<string, ScriptName>> = {
  Prolog: "prolog",
  Epilog: "epilog",
  PrologSlurmctld: "prologSlurmctld",
  EpilogSlurmctld: "epilogSlurmctld",
  TaskProlog: "taskProlog",
  TaskEpilog: "taskEpilog",
  SrunProlog: "srunProlog",
  SrunEpilog: "srunEpilog",
  HealthCheckProgram: "healthCheck",
  UnkillableStepProgram: "unkillableStep",
  RebootProgram: "reboot",
};

/** Lua files beside slurm.conf, by the key and the word that ask for them. */
const LUA = [
  {
    key: "JobSubmitPlugins",
    file: "job_submit.lua",
    script: "jobSubmit",
    stub: LUA_STUB("slurm_job_submit(job, part_list, uid)", "slurm_job_modify(job, rec, part_list, uid)"),
  },
  {
    key: "CliFilterPlugins",
    file: "cli_filter.lua",
    script: "cliFilter",
    stub: LUA_STUB(
      "slurm_cli_setup_defaults(options, early)",
      "slurm_cli_pre_submit(options, offset)",
      "slurm_cli_post_submit(offset, job, step)",
    ),
  },
] as const;

function LUA_STUB(...functions: readonly string[]): string {
  return `${functions.map((each) => `function ${each}\n  return slurm.SUCCESS\nend\n`).join("\n")}\nreturn slurm.SUCCESS\n`;
}

const SHELL_STUB = "#!/bin/sh\n# Stands for a program of the site's that is not here.\nexit 0\n";

/** Whether a key names a program that {@link hooksOf} deals with. */
export function isHook(key: string): boolean {
  return Object.keys(HOOKS).some((each) => each.toLowerCase() === key.toLowerCase());
}

/** The site's programs for a small cluster: carried along where the folder has them, replaced by stubs where not. */
export function hooksOf(
  site: Site,
  mode: HookMode,
): { scripts: Partial<Record<ScriptName, string>>; notes: Note[] } {
  const scripts: Partial<Record<ScriptName, string>> = {};
  const notes: Note[] = [];
  for (const [key, script] of Object.entries(HOOKS)) {
    const setting = settingOf(site, key);
    if (!setting || setting.value === "" || /^(none|\/bin\/true|\/usr\/bin\/true)$/i.test(setting.value))
      continue;
    const files = besides(site, setting.value);
    const carried = mode === "carry" && files.length === 1 ? files[0] : undefined;
    scripts[script] = withoutLiterals(carried?.content ?? "") || SHELL_STUB;
    notes.push(note(key, setting, carried, because(files, mode)));
  }
  for (const { key, file, script, stub } of LUA) {
    const setting = settingOf(site, key);
    if (
      !setting?.value
        .toLowerCase()
        .split(",")
        .some((name) => name.trim().replace(/^.*\//, "") === "lua")
    )
      continue;
    const found = mode === "stub" ? undefined : site.files.get(file);
    scripts[script] = withoutLiterals(found?.content ?? "") || stub;
    notes.push(note(file, setting, found, mode === "stub" ? "as asked" : undefined));
  }
  return { scripts, notes };
}

/** The files of the folder that a path on the site's machines means: the longest same ending; `prolog.d/*` means several. */
function besides(site: Site, path: string): SiteFile[] {
  const parts = path.split(" ")[0]?.split("/") ?? [];
  for (let from = 0; from < parts.length; from++) {
    const name = parts.slice(from).join("/");
    const file = site.files.get(name);
    if (file) return [file];
    const folder = /^(.*\/)\*$/.exec(name)?.[1];
    const inside = [...site.files.values()].filter((each) => folder && each.name.startsWith(folder));
    if (inside.length > 0) return inside;
  }
  return [];
}

/** Why a stub stands for files that the folder has; undefined when it has none. */
function because(files: readonly SiteFile[], mode: HookMode): string | undefined {
  if (files.length === 0) return undefined;
  if (files.length > 1)
    return `${files.map((file) => file.name).join(", ")} are several, and a specification has one`;
  return mode === "carry" ? undefined : "--hooks carry takes it along";
}

function note(what: string, setting: Setting, file: SiteFile | undefined, because: string | undefined): Note {
  const { place } = setting;
  if (file)
    return { kind: "kept", what, why: `${file.name} is carried along; --hooks stub replaces it`, place };
  const why = `by a stub that does nothing: ${because ?? `${setting.value} is not in the folder`}`;
  return { kind: "replaced", what, why, place };
}
