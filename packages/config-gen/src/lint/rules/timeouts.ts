import type { Problem } from "../../problem.ts";
import { type Site, settingOf } from "../../read/site.ts";
import { since } from "../../slurm/version.ts";
import { type Subject, warningAt } from "../rule.ts";
import { controllersOf } from "./hosts.ts";

/** Defaults that the comparisons below need, in seconds (src/common/read_config.h, the same in every release of ours). */
const DEFAULTS = {
  MessageTimeout: 10,
  SlurmdTimeout: 300,
  SlurmctldTimeout: 120,
  KillWait: 30,
  BatchStartTimeout: 10,
};

/** Timeouts that contradict one another, and settings that nothing can ever come of. */
export function* timeouts({ site, knowledge }: Subject): Generator<Problem> {
  const seconds = secondsOf(site);
  yield* unkillable(site, knowledge.slurm, seconds);
  const returns = settingOf(site, "ReturnToService");
  const down = settingOf(site, "SlurmdTimeout");
  if (returns && down && down.value === "0" && returns.value === "1") {
    const message =
      "ReturnToService=1 brings back nodes that were set DOWN for not answering, and SlurmdTimeout=0 never sets one DOWN";
    yield warningAt(returns, {
      code: "contradiction",
      message,
      hint: "a SlurmdTimeout above 0, or ReturnToService=2",
    });
  }
  const compare: ReadonlyArray<
    readonly [key: keyof typeof DEFAULTS, other: keyof typeof DEFAULTS, why: string]
  > = [
    ["SlurmdTimeout", "MessageTimeout", "a node would be DOWN before one message to it has timed out"],
    [
      "SlurmctldTimeout",
      "MessageTimeout",
      "a backup would take over before one message to the primary has timed out",
    ],
  ];
  for (const [key, other, why] of compare) {
    const setting = settingOf(site, key) ?? settingOf(site, other);
    const [mine, theirs] = [seconds(key), seconds(other)];
    if (!setting || mine === undefined || theirs === undefined || mine === 0 || mine > theirs) continue;
    const message = `${key} (${mine} s) is not longer than ${other} (${theirs} s): ${why}`;
    yield warningAt(setting, { code: "contradiction", message, hint: `${key} of several times ${other}` });
  }
  const [nodeWait, controlWait] = [seconds("SlurmdTimeout"), seconds("SlurmctldTimeout")];
  if (controllersOf(site).length > 1 && down && nodeWait && controlWait && nodeWait <= controlWait) {
    const message = `SlurmdTimeout (${nodeWait} s) is not longer than SlurmctldTimeout (${controlWait} s): nodes can go DOWN while a backup takes over`;
    yield warningAt(down, { code: "contradiction", message, hint: "make SlurmdTimeout the longer one" });
  }
  yield* healthCheck(site);
  yield* powerSave(site);
}

/** A setting in seconds, with Slurm's default; undefined when it is no number. */
function secondsOf(site: Site) {
  return (key: keyof typeof DEFAULTS): number | undefined => {
    const value = settingOf(site, key)?.value;
    if (value === undefined) return DEFAULTS[key];
    return /^\d+$/.test(value) ? Number(value) : undefined;
  };
}

function* unkillable(
  site: Site,
  slurm: string,
  seconds: (key: "MessageTimeout") => number | undefined,
): Generator<Problem> {
  const setting = settingOf(site, "UnkillableStepTimeout");
  const message = seconds("MessageTimeout");
  if (!setting || !message || !since(slurm, "24.11") || !(Number(setting.value) < 5 * message)) return;
  yield warningAt(setting, {
    code: "contradiction",
    message: `UnkillableStepTimeout (${setting.value} s) is less than 5 times MessageTimeout (${message} s)`,
    hint: `at least ${5 * message}`,
    says: `UnkillableStepTimeout must be at least 5 times greater than MessageTimeout, otherwise nodes may go down with the reason "KillTaskFailed". Current values: UnkillableStepTimeout=${setting.value}, MessageTimeout=${message}`,
  });
}

function* healthCheck(site: Site): Generator<Problem> {
  const [program, interval] = [settingOf(site, "HealthCheckProgram"), settingOf(site, "HealthCheckInterval")];
  const never = interval === undefined || interval.value === "0";
  if (program && never && !/start_only/i.test(settingOf(site, "HealthCheckNodeState")?.value ?? "")) {
    const message = "HealthCheckProgram never runs, because HealthCheckInterval is 0 by default";
    yield warningAt(program, { code: "never-runs", message, hint: "add HealthCheckInterval=300" }, "key");
  }
  if (!program && interval && !never) {
    const message = "HealthCheckInterval has no HealthCheckProgram to run";
    yield warningAt(
      interval,
      { code: "never-runs", message, hint: "name a HealthCheckProgram, or leave it out" },
      "key",
    );
  }
}

function* powerSave(site: Site): Generator<Problem> {
  const time = settingOf(site, "SuspendTime");
  const [suspend, resume] = [settingOf(site, "SuspendProgram"), settingOf(site, "ResumeProgram")];
  const off = !time || /^(-1|infinite)$/i.test(time.value);
  if (!off && (!suspend || !resume)) {
    const missing = [suspend ? "" : "SuspendProgram", resume ? "" : "ResumeProgram"]
      .filter(Boolean)
      .join(" and ");
    const message = `SuspendTime has no effect without ${missing}`;
    yield warningAt(
      time,
      { code: "contradiction", message, hint: `name a ${missing}, or leave SuspendTime out` },
      "key",
    );
  }
  if (!off || !suspend || site.partitions.some((part) => part.settings.has("suspendtime"))) return;
  const message = "SuspendProgram never runs, because SuspendTime is INFINITE by default";
  yield warningAt(
    suspend,
    { code: "never-runs", message, hint: "add SuspendTime, in seconds of idleness" },
    "key",
  );
}
