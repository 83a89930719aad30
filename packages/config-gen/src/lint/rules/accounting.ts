import type { Problem } from "../../problem.ts";
import { type Site, settingOf, textOf } from "../../read/site.ts";
import { errorAt, type Subject, warningAt } from "../rule.ts";

/** Accounting that is asked for and not kept, and two files that do not agree on where slurmdbd is. */
export function* accounting({ site, knowledge }: Subject): Generator<Problem> {
  const type = settingOf(site, "AccountingStorageType");
  const slurmdbd = type?.value.toLowerCase() === "accounting_storage/slurmdbd";
  if (type && /accounting_storage\/(mysql|pgsql)/i.test(type.value)) {
    yield errorAt(type, {
      code: "storage-in-slurm-conf",
      message: `${type.value} is slurmdbd's own, not slurmctld's`,
      hint: "AccountingStorageType=accounting_storage/slurmdbd here, StorageType=accounting_storage/mysql in slurmdbd.conf",
      says: "AccountingStorageType=accounting_storage/mysql only permitted in SlurmDBD.",
    });
    return;
  }
  if (!slurmdbd) yield* withoutSlurmdbd(site);
  if (slurmdbd) yield* agreement(site);
  const dbd = site.confs.get("slurmdbd.conf");
  const first = dbd?.lines[0];
  if (!dbd || !first) return;
  if (!slurmdbd) {
    const message = `there is a slurmdbd.conf, and slurm.conf has ${type ? `${type.key}=${type.value}` : "no AccountingStorageType"}`;
    const hint =
      "AccountingStorageType=accounting_storage/slurmdbd in slurm.conf, if jobs are to be accounted";
    yield warningAt(first, { code: "slurmdbd-unused", message, hint }, "key");
  }
  for (const key of ["DbdHost", "StorageType"]) {
    if (settingOf(site, key, "slurmdbd.conf")) continue;
    const message = `slurmdbd.conf of Slurm ${knowledge.slurm} needs ${key}`;
    const says =
      key === "DbdHost"
        ? "slurmdbd.conf lacks DbdHost parameter, using 'localhost'"
        : "StorageType must be specified";
    const finding = { code: "missing-key", message, hint: `add ${key}=...`, says };
    yield key === "DbdHost" ? warningAt(first, finding, "key") : errorAt(first, finding, "key");
  }
}

/** Settings of slurm.conf that mean something only with a database behind them. */
const NEEDS_DATABASE = [
  "AccountingStorageEnforce",
  "AccountingStorageHost",
  "AccountingStorageBackupHost",
  "AccountingStoreFlags",
];

function* withoutSlurmdbd(site: Site): Generator<Problem> {
  const hint = "set AccountingStorageType=accounting_storage/slurmdbd, or leave this out";
  const report = (key: string, why: string, says?: string) => {
    const setting = settingOf(site, key);
    return setting
      ? [
          warningAt(
            setting,
            { code: "no-slurmdbd", message: `${key} ${why} without slurmdbd`, hint, says },
            "key",
          ),
        ]
      : [];
  };
  for (const key of NEEDS_DATABASE) yield* report(key, "has no effect");
  for (const [key, why] of [
    ["PriorityWeightFairshare", "has no associations to work with"],
    ["PriorityWeightAge", "is ignored"],
  ] as const) {
    const value = textOf(site, key);
    // priority_multifactor.c: both need the associations' usage.
    if (value !== undefined && value !== "0" && /multifactor/i.test(textOf(site, "PriorityType") ?? ""))
      yield* report(key, why, `${key} can only be used with SlurmDBD, ignoring`);
  }
  if (/qos/i.test(textOf(site, "PreemptType") ?? "")) yield* report("PreemptType", "has no QOS to compare");
  for (const part of site.partitions) {
    const qos = part.line.attributes.find((setting) => setting.key.toLowerCase() === "qos");
    if (!qos || /^n\/a$/i.test(qos.value)) continue;
    const says = `Partition ${part.name} has an invalid qos (${qos.value}), please check your configuration`;
    const message = `QOS=${qos.value} is looked up in the database, and there is none`;
    yield errorAt(qos, { code: "no-slurmdbd", message, hint, says });
  }
}

function* agreement(site: Site): Generator<Problem> {
  const pairs = [
    ["AccountingStorageHost", "DbdHost"],
    ["AccountingStoragePort", "DbdPort"],
    ["AuthType", "AuthType"],
  ] as const;
  for (const [ours, theirs] of pairs) {
    const [mine, other] = [settingOf(site, ours), settingOf(site, theirs, "slurmdbd.conf")];
    const backup = settingOf(site, "DbdBackupHost", "slurmdbd.conf")?.value;
    if (!mine || !other) continue;
    const [a, b] = [short(mine.value), short(other.value)];
    // localhost and an address may well be the same machine as a name.
    if (a === b || (backup && short(backup) === a) || ours.endsWith("Host") === !/^[a-z]/i.test(a + b))
      continue;
    if ([a, b].some((name) => name === "localhost" || /^[\d.:]+$/.test(name)) && ours.endsWith("Host"))
      continue;
    const message = `slurm.conf has ${ours}=${mine.value}, slurmdbd.conf ${theirs}=${other.value}`;
    const hint = "they have to be the same for slurmctld to reach slurmdbd";
    yield warningAt(other, { code: "slurmdbd-mismatch", message, hint });
  }
}

function short(host: string): string {
  return /^[\d.:]+$/.test(host) ? host : host.toLowerCase().replace(/\..*$/, "");
}
