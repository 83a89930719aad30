import { since } from "../slurm/version.ts";
import type { ClusterPlan } from "../spec/planned.ts";
import { controllersOf } from "./nodes.ts";
import { scriptsOf } from "./scripts.ts";
import type { ConfigValue } from "./text.ts";

/** One key of slurm.conf, with the reason for it where that is not plain. */
export type Setting = readonly [key: string, value: ConfigValue, why?: string];

/** The controllers, the primary one first. */
export function controllers(plan: ClusterPlan): Setting[] {
  return controllersOf(plan).map(
    ({ name }, i) =>
      [
        "SlurmctldHost",
        name,
        i === 1 ? "The next ones take over in this order when those before them are silent." : undefined,
      ] as Setting,
  );
}

/** What auth: says beyond Slurm's default. */
export function authentication(plan: ClusterPlan): Setting[] {
  if (plan.auth !== "slurm") return [];
  return [
    ["AuthType", "auth/slurm"],
    ["CredType", "cred/slurm"],
  ];
}

/** What configless: says; `more` are other words of the same key. */
export function slurmctldParameters(plan: ClusterPlan, more: readonly string[] = []): Setting[] {
  const words = [...(plan.configless ? ["enable_configless"] : []), ...more];
  return words.length > 0 ? [["SlurmctldParameters", words.join(",")]] : [];
}

export function licences(plan: ClusterPlan): Setting[] {
  const all = Object.entries(plan.licenses).map(([name, count]) => `${name}:${count}`);
  return all.length > 0 ? [["Licenses", all.join(",")]] : [];
}

export function topologyPlugin(plan: ClusterPlan): Setting[] {
  const { topology } = plan;
  // topology.yaml names its plugin itself, and slurmctld would take this one's file instead.
  if (!topology || topology.yaml) return [];
  if (topology.tree) return [["TopologyPlugin", "topology/tree"]];
  if (topology.block) return [["TopologyPlugin", "topology/block"]];
  // One plugin under three names.
  const flat = since(plan.slurm, "25.05") ? "flat" : since(plan.slurm, "23.11") ? "default" : "none";
  return [["TopologyPlugin", `topology/${flat}`]];
}

/** What priority: says. */
export function priority(plan: ClusterPlan): Setting[] {
  const said = plan.priority;
  if (!said) return [];
  const { weights = {} } = said;
  const pairs: Array<readonly [string, ConfigValue | undefined]> = [
    ["PriorityType", `priority/${said.type ?? "multifactor"}`],
    ["PriorityWeightAge", weights.age],
    ["PriorityWeightFairshare", weights.fairshare],
    ["PriorityWeightJobSize", weights.jobSize],
    ["PriorityWeightPartition", weights.partition],
    ["PriorityWeightQOS", weights.qos],
    ["PriorityWeightTRES", weights.tres],
    ["PriorityDecayHalfLife", said.decayHalfLife],
    ["PriorityCalcPeriod", said.calcPeriod],
    ["PriorityMaxAge", said.maxAge],
    ["PriorityUsageResetPeriod", said.usageResetPeriod],
    ["PriorityFavorSmall", said.favorSmall],
    ["PriorityFlags", said.flags?.join(",")],
  ];
  return given(pairs);
}

/** The programs that Slurm calls. */
export function programs(plan: ClusterPlan): Setting[] {
  return scriptsOf(plan).map(({ key, value }) => [key, value]);
}

export function powerSave(plan: ClusterPlan): Setting[] {
  const said = plan.powerSave;
  if (!said) return [];
  return given([
    ["SuspendTime", said.suspendTime],
    ["SuspendTimeout", said.suspendTimeout],
    ["ResumeTimeout", said.resumeTimeout],
    ["SuspendRate", said.suspendRate],
    ["ResumeRate", said.resumeRate],
    ["SuspendExcNodes", said.excludeNodes],
    ["SuspendExcParts", said.excludePartitions?.join(",")],
  ]);
}

/** Everything that the specification says by more than overrides and nodes, for `defaults: slurm`. */
export function saidSettings(plan: ClusterPlan): Setting[] {
  return [
    ...controllers(plan).map(([key, value]): Setting => [key, value]),
    ...authentication(plan),
    ...slurmctldParameters(plan),
    ...topologyPlugin(plan),
    ...priority(plan),
    ...programs(plan),
    ...powerSave(plan),
    ...licences(plan),
  ];
}

function given(pairs: ReadonlyArray<readonly [string, ConfigValue | undefined]>): Setting[] {
  return pairs.flatMap(([key, value]): Setting[] => (value === undefined ? [] : [[key, value]]));
}

/** `ctl:6817,ctl2:6817`: what slurmd --conf-server takes in a configless cluster; undefined in any other. */
export function confServer(plan: ClusterPlan): string | undefined {
  if (!plan.configless) return undefined;
  return controllersOf(plan)
    .map((node) => node.name)
    .join(",");
}
