import type { Problem } from "../../problem.ts";
import { settingOf, textOf } from "../../read/site.ts";
import { errorAt, type Subject, warningAt } from "../rule.ts";

/** Limits that two mechanisms would enforce, or that nothing does: memory, cores and devices. */
export function* enforcement({ site }: Subject): Generator<Problem> {
  const cgroup = (key: string) => /^(yes|up|true|1)$/i.test(textOf(site, key, "cgroup.conf") ?? "");
  const tasks = (textOf(site, "TaskPlugin") ?? "").toLowerCase();
  const params = settingOf(site, "JobAcctGatherParams");
  if (
    params &&
    /OverMemoryKill/i.test(params.value) &&
    tasks.includes("cgroup") &&
    cgroup("ConstrainRAMSpace")
  ) {
    yield errorAt(params, {
      code: "contradiction",
      message:
        "OverMemoryKill and ConstrainRAMSpace=yes in cgroup.conf both enforce memory, and slurmd does not start with both",
      hint: "take out OverMemoryKill: the cgroup does it better",
      says: "Jobs memory is being constrained by both TaskPlugin cgroup and JobAcctGather plugin. This enables two incompatible memory enforcement mechanisms, one of them must be disabled.",
    });
  }
  for (const key of ["ConstrainCores", "ConstrainDevices", "ConstrainRAMSpace", "ConstrainSwapSpace"]) {
    const setting = settingOf(site, key, "cgroup.conf");
    if (!setting || !cgroup(key) || tasks.includes("cgroup")) continue;
    const message = `${key} has no effect: TaskPlugin of slurm.conf has no task/cgroup`;
    yield warningAt(
      setting,
      { code: "no-effect", message, hint: "TaskPlugin=task/affinity,task/cgroup" },
      "key",
    );
  }
}
