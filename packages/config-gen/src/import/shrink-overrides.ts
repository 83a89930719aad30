import { findKey, type SlurmKnowledge } from "../knowledge/knowledge.ts";
import type { ConfLine } from "../read/conf-file.ts";
import { isSecret } from "../read/secrets.ts";
import { type Site, settingOf } from "../read/site.ts";
import type { ClusterSpecInput } from "../spec/schema.ts";
import { isHook } from "./hooks.ts";
import { CGROUP_KEPT, LAB_POLICIES, managedBy, SLURMDBD_KEPT } from "./managed.ts";
import type { Note } from "./note.ts";
import { specValue } from "./quote.ts";
import type { Context } from "./refused.ts";

type Overrides = NonNullable<ClusterSpecInput["overrides"]>;
type Keys = Record<string, string | number | null>;

interface Known extends Context {
  readonly knowledge: SlurmKnowledge;
}

const SECRET = "a secret is never copied";

/** The site's policies: what of its files is not about machines and paths. */
export function shrinkOverrides(site: Site, context: Known): Overrides {
  const main = mainKeys(site, context);
  const cgroup = policy(site, "cgroup.conf", CGROUP_KEPT, context);
  // Slurm refuses to start with both; which of the two the site relies on is what it does not say of cgroups.
  const kills = /OverMemoryKill/i.test(String(main.JobAcctGatherParams ?? ""));
  if (kills) {
    const why = "JobAcctGatherParams=OverMemoryKill does it, and Slurm refuses to start with both";
    if (cgroup.ConstrainRAMSpace !== undefined)
      context.notes.push({ kind: "replaced", what: "ConstrainRAMSpace of cgroup.conf by no", why });
    cgroup.ConstrainRAMSpace = "no";
  }
  return {
    "slurm.conf": main,
    "cgroup.conf": cgroup,
    "slurmdbd.conf": policy(site, "slurmdbd.conf", SLURMDBD_KEPT, context),
  };
}

function mainKeys(site: Site, { refused, notes, knowledge }: Known): Keys {
  const main: Keys = {};
  for (const key of LAB_POLICIES) if (!settingOf(site, key)) main[key] = null;
  for (const line of site.confs.get("slurm.conf")?.lines ?? []) {
    if (isHook(line.key) || OF_THEIR_OWN.has(line.key.toLowerCase())) continue;
    const why =
      managedBy(line.key) ??
      (isSecret(line.key) ? SECRET : line.record ? "every node runs its own slurmd" : refused(line));
    if (why) notes.push({ kind: "left-out", what: line.key, why, place: line.place });
    else main[findKey(knowledge, "slurm.conf", "", line.key)?.name ?? line.key] = adapted(line, notes);
  }
  // PreemptMode without its PreemptType is refused.
  if (main.PreemptMode !== undefined && main.PreemptType === undefined && settingOf(site, "PreemptType")) {
    delete main.PreemptMode;
    notes.push({ kind: "left-out", what: "PreemptMode", why: "Slurm refuses it without PreemptType" });
  }
  // A node with more CPUs, memory and GPUs than the machine is what slurm.conf says only with this.
  const said = String(main.SlurmdParameters ?? "").replaceAll('"', "");
  main.SlurmdParameters = [...new Set([...said.split(",").filter(Boolean), "config_overrides"])].join(",");
  return main;
}

/** Records that are shrunk apart. */
const OF_THEIR_OWN: ReadonlySet<string> = new Set(["nodename", "partitionname", "downnodes", "nodeset"]);

/** The keys of a file that say what jobs may do, and not where things are. */
function policy(
  site: Site,
  file: string,
  keys: readonly string[],
  { refused, notes, knowledge }: Known,
): Keys {
  const kept: Keys = {};
  for (const line of site.confs.get(file)?.lines ?? []) {
    const why = isSecret(line.key)
      ? SECRET
      : keys.includes(line.key.toLowerCase())
        ? refused(line)
        : "the lab's own machines take this part";
    if (why) notes.push({ kind: "left-out", what: `${line.key} of ${file}`, why, place: line.place });
    else kept[findKey(knowledge, file, "", line.key)?.name ?? line.key] = specValue(line.value);
  }
  return kept;
}

/** Plugins for job submission that are a policy and nothing else; the rest needs what the lab does not have. */
const SUBMIT_PLUGINS = [
  "all_partitions",
  "defaults",
  "logging",
  "lua",
  "partition",
  "require_timelimit",
  "throttle",
];

/** A value without the words of it that a container has no use for; null when nothing is left. */
function adapted(line: ConfLine, notes: Note[]): string | number | null {
  const without = (keep: (word: string) => boolean, why: string) => {
    const words = line.value
      .split(",")
      .map((word) => word.trim())
      .filter(Boolean);
    const left = words.filter((word) => !keep(word));
    if (left.length === 0) return specValue(line.value);
    notes.push({ kind: "left-out", what: `${left.join(",")} of ${line.key}`, why, place: line.place });
    const kept = words.filter(keep);
    return kept.length > 0 ? specValue(kept.join(",")) : null;
  };
  if (/^(jobsubmitplugins|clifilterplugins)$/i.test(line.key)) {
    const name = (word: string) => word.toLowerCase().replace(/^.*\//, "");
    return without(
      (word) => SUBMIT_PLUGINS.includes(name(word)),
      "needs a service that the lab does not have",
    );
  }
  if (/^prologflags$/i.test(line.key))
    return without((word) => !/^x11$/i.test(word), "the lab's machines have no display");
  return specValue(line.value);
}
