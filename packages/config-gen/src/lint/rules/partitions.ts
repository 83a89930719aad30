import { nearest } from "../../nearest.ts";
import type { Problem } from "../../problem.ts";
import { NOT_LENT, type SiteRecord } from "../../read/site.ts";
import { minutesOf } from "../../slurm/time.ts";
import { since } from "../../slurm/version.ts";
import { membersOf, nodeNames, some } from "../names.ts";
import { errorAt, type Subject, warningAt } from "../rule.ts";

/** Partitions with unknown nodes, of one name, with values that exclude one another. */
export function* partitions({ site, knowledge }: Subject): Generator<Problem> {
  const top = site.confs.get("slurm.conf")?.lines[0];
  if (top && site.partitions.length === 0 && !since(knowledge.slurm, "24.11")) {
    const message = `slurm.conf defines no partition, and slurmctld ${knowledge.slurm} does not start without one`;
    const says = "No PartitionName information available!";
    yield errorAt(top, { code: "no-partitions", message, hint: "add PartitionName=... lines", says }, "key");
  }
  const known = nodeNames(site);
  const names = site.partitions.map((part) => part.name);
  const first = new Map<string, SiteRecord>();
  let standard: SiteRecord | undefined;
  for (const part of site.partitions) {
    yield* unknownNodes(part, known, site);
    yield* pairs(part);
    yield* times(part);
    const before = first.get(part.name.toLowerCase());
    if (before) {
      const message = `partition ${part.name} is defined already at ${before.line.place.file}:${before.line.place.line}`;
      const says = `_build_single_partitionline_info: duplicate entry for partition ${part.name}`;
      yield errorAt(part.line, {
        code: "partition-twice",
        message,
        hint: "define each partition once",
        says,
      });
    } else first.set(part.name.toLowerCase(), part);
    const alternate = part.settings.get("alternate");
    if (alternate && !names.includes(alternate.value)) {
      const near = nearest(alternate.value, names);
      const message = `there is no partition ${alternate.value}`;
      yield warningAt(alternate, { code: "alternate", message, hint: near && `did you mean ${near}?` });
    }
    const isStandard = part.settings.get("default");
    if (!isStandard || !/^(yes|up|true|1)$/i.test(isStandard.value)) continue;
    if (standard) {
      const message = `${standard.name} is the default partition already; the last one holds`;
      const says = `_parse_part_spec: changing default partition from ${standard.name} to ${part.name}`;
      yield warningAt(isStandard, {
        code: "two-defaults",
        message,
        hint: "one partition has Default=YES",
        says,
      });
    }
    standard = part;
  }
  yield* notLent(site.confs.get("slurm.conf")?.lines ?? []);
}

function* unknownNodes(
  part: SiteRecord,
  known: ReadonlySet<string>,
  site: Subject["site"],
): Generator<Problem> {
  const setting = part.settings.get("nodes");
  const { unknown } = membersOf(site, setting, known);
  if (!setting || unknown.length === 0) return;
  // A value from a DEFAULT line is wrong there, once, and not in each partition.
  if (
    !part.line.attributes.includes(setting) &&
    site.partitions.find((each) => each.settings.get("nodes") === setting) !== part
  )
    return;
  const near = nearest(unknown[0] ?? "", known);
  yield errorAt(setting, {
    code: "unknown-node",
    message: `partition ${part.name} has ${some(unknown)}, which no NodeName or NodeSet line defines`,
    hint: near && unknown.length === 1 ? `did you mean ${near}?` : "define them, or take them out",
    says: `Invalid node names in partition ${part.name}`,
  });
}

/** Two keys of which Slurm takes one only. */
const EXCLUSIVE: ReadonlyArray<readonly [ignored: string, other: string, says: string | undefined]> = [
  [
    "denyaccounts",
    "allowaccounts",
    "Both AllowAccounts and DenyAccounts are defined, DenyAccounts will be ignored",
  ],
  ["denyqos", "allowqos", "Both AllowQos and DenyQos are defined, DenyQos will be ignored"],
  ["defmempercpu", "defmempernode", "DefMemPerCPU ignored, since it's mutually exclusive with DefMemPerNode"],
  ["maxmempercpu", "maxmempernode", "MaxMemPerCPU ignored, since it's mutually exclusive with MaxMemPerNode"],
];

function* pairs(part: SiteRecord): Generator<Problem> {
  for (const [ignored, other, says] of EXCLUSIVE) {
    const [loser, winner] = [part.settings.get(ignored), part.settings.get(other)];
    if (!loser || !winner || /^all$/i.test(winner.value)) continue;
    if (!part.line.attributes.includes(loser) && !part.line.attributes.includes(winner)) continue;
    const message = `${loser.key} is ignored, because partition ${part.name} has ${winner.key} too`;
    yield warningAt(loser, { code: "exclusive-keys", message, hint: "keep one of them", says }, "key");
  }
}

function* times(part: SiteRecord): Generator<Problem> {
  const [standard, max] = [part.settings.get("defaulttime"), part.settings.get("maxtime")];
  if (!standard || !max) return;
  const [a, b] = [minutesOf(standard.value), minutesOf(max.value)];
  if (a === undefined || b === undefined || a <= b) return;
  yield warningAt(standard, {
    code: "default-time",
    message: `DefaultTime=${standard.value} is longer than MaxTime=${max.value} of partition ${part.name}: a job without --time cannot start`,
    hint: "make it MaxTime or less",
    says: `partition ${part.name} DefaultTime exceeds MaxTime (${a} > ${b})`,
  });
}

function* notLent(lines: readonly SiteRecord["line"][]): Generator<Problem> {
  const standards = lines.filter(
    (line) => line.key.toLowerCase() === "partitionname" && line.value.toUpperCase() === "DEFAULT",
  );
  for (const setting of standards.flatMap((line) => line.attributes)) {
    if (!NOT_LENT.has(setting.key.toLowerCase())) continue;
    const message = `${setting.key} on a DEFAULT line has no effect: Slurm reads it from each partition's own line only`;
    yield warningAt(
      setting,
      { code: "not-inherited", message, hint: "write it on every partition that needs it" },
      "key",
    );
  }
}
