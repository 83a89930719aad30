import type { Problem } from "../../problem.ts";
import { settingOf } from "../../read/site.ts";
import { errorAt, type Subject, warningAt } from "../rule.ts";

/** Programs that have to be given with their whole path. */
const PROGRAMS = [
  "ResumeProgram",
  "SuspendProgram",
  "ResumeFailProgram",
  "HealthCheckProgram",
  "RebootProgram",
  "MailProg",
];

/** job_submit.lua that is not read, or is asked for and not there; programs without a path. */
export function* scripts({ site }: Subject): Generator<Problem> {
  const plugins = settingOf(site, "JobSubmitPlugins");
  const names = plugins?.value.toLowerCase().split(",") ?? [];
  const lua = names.some((name) => name === "lua" || name === "job_submit/lua");
  if (plugins && lua && !site.files.has("job_submit.lua")) {
    const message = "JobSubmitPlugins=lua runs job_submit.lua, and there is none in the folder";
    yield warningAt(plugins, { code: "no-script", message, hint: "it has to stand beside slurm.conf" });
  }
  const script = site.files.get("job_submit.lua");
  if (script && !lua) {
    const message = "job_submit.lua is not run: slurm.conf has no JobSubmitPlugins=lua";
    const place = { file: script.shown ?? script.name, line: 1, column: 1 };
    yield {
      severity: "warning",
      code: "script-unused",
      path: "JobSubmitPlugins",
      message,
      hint: "add it, or take the script away",
      place,
    };
  }
  for (const key of PROGRAMS) {
    const setting = settingOf(site, key);
    if (!setting || setting.value === "" || setting.value.startsWith("/")) continue;
    const message = `expected a program with its whole path, seen "${setting.value}"`;
    yield errorAt(setting, { code: "relative-path", message, hint: `${key}=/etc/slurm/${setting.value}` });
  }
}
