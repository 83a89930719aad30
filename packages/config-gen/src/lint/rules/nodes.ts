import type { Problem } from "../../problem.ts";
import { type SiteNodes, settingOf } from "../../read/site.ts";
import { compressHostlist } from "../../slurm/hostlist.ts";
import { since } from "../../slurm/version.ts";
import { membersOf, namesOf, nodeNames, some } from "../names.ts";
import { errorAt, type Subject, warningAt } from "../rule.ts";

/** Nodes defined twice, in no partition, with too few addresses, or with CPUs that do not multiply. */
export function* nodes({ site, knowledge }: Subject): Generator<Problem> {
  const known = nodeNames(site);
  if (site.nodes.reduce((sum, line) => sum + line.names.length, 0) > known.size) yield* twice(site.nodes);
  const used = new Set<string>();
  for (const part of site.partitions) {
    if (used.size === known.size) break;
    for (const name of membersOf(site, part.settings.get("nodes"), known).nodes) used.add(name);
  }
  // Most lines say what another one has said, and that has been found to be right.
  const right = new Set<SiteNodes["said"]>();
  for (const line of site.nodes) {
    if (!right.has(line.said)) {
      const wrong = [...processors(line), ...memory(line)];
      if (wrong.length === 0 && !ADDRESSES.some(([name]) => line.said.has(name))) right.add(line.said);
      yield* addresses(line);
      yield* wrong;
    }
    if (used.size === known.size) continue;
    const idle = line.names.filter((name) => !used.has(name));
    if (idle.length > 0 && !isDynamic(line) && site.partitions.length > 0) {
      const message = `${compressHostlist(idle)} ${idle.length === 1 ? "is" : "are"} in no partition, so no job can run there`;
      yield warningAt(line.line, {
        code: "node-in-no-partition",
        message,
        hint: "add to a partition's Nodes=",
      });
    }
  }
  if (site.nodes.length === 0 && site.frontends.length === 0) {
    const first = site.confs.get("slurm.conf")?.lines[0];
    const finding = {
      code: "no-nodes",
      message: "slurm.conf defines no node",
      hint: "add NodeName=... lines",
    };
    if (first && !since(knowledge.slurm, "22.05"))
      yield errorAt(first, { ...finding, says: "No NodeName information available!" }, "key");
    else if (first && !settingOf(site, "MaxNodeCount")) yield warningAt(first, finding, "key");
  }
  for (const { line } of site.downNodes) {
    const strangers = (namesOf(line.value) ?? []).filter((name) => !known.has(name) && name !== "DEFAULT");
    if (strangers.length === 0) continue;
    yield warningAt(line, {
      code: "unknown-node",
      message: `DownNodes has ${some(strangers)}, which no NodeName line defines`,
      hint: "define it, or take it out",
      says: `DownNode "${strangers[0]}" does not exist!`,
    });
  }
}

function isDynamic({ said }: SiteNodes): boolean {
  return /^(future|cloud)/i.test(said.get("state")?.value ?? "");
}

function* twice(lines: readonly SiteNodes[]): Generator<Problem> {
  const owner = new Map<string, SiteNodes>();
  for (const line of lines) {
    const again = line.names.filter((name) => owner.has(name));
    const first = again[0];
    if (first !== undefined) {
      const place = owner.get(first)?.line.place;
      const elsewhere = place ? `${place.file}:${place.line}` : "above";
      const message =
        owner.get(first) === line
          ? `${some(again)} is named twice on this line`
          : `${some(again)} ${again.length === 1 ? "is" : "are"} defined already at ${elsewhere}`;
      const says = `Duplicated NodeName ${first} in the config file`;
      yield errorAt(line.line, { code: "node-twice", message, hint: "define each node once", says });
    }
    for (const name of line.names) if (!owner.has(name)) owner.set(name, line);
  }
}

/** In lower case, and as it is called. */
const ADDRESSES = [
  ["nodeaddr", "NodeAddr"],
  ["nodehostname", "NodeHostname"],
  ["bcastaddr", "BcastAddr"],
] as const;

function* addresses(line: SiteNodes): Generator<Problem> {
  for (const [name, key] of ADDRESSES) {
    const said = line.said.get(name);
    const count = said && namesOf(said.value)?.length;
    if (count === undefined || count === line.names.length || line.names.length === 0) continue;
    // One address for all is how several slurmd share a machine.
    if (count === 1 && key !== "BcastAddr") continue;
    const message = `${line.names.length} nodes and ${count} names in ${key}`;
    const says = count < line.names.length ? `At least as many ${key} are required as NodeName` : undefined;
    const setting = line.settings.get(name);
    if (setting)
      yield errorAt(setting, { code: "address-count", message, hint: "give one for each node", says });
  }
}

function* processors(line: SiteNodes): Generator<Problem> {
  const number = (key: string) => {
    const value = line.said.get(key)?.value;
    return value !== undefined && /^\d+$/.test(value) ? Number(value) : undefined;
  };
  const given = number("cpus") ?? number("procs");
  const [cores = 1, threads = 1, boards = 1] = [
    number("corespersocket"),
    number("threadspercore"),
    number("boards"),
  ];
  const perBoard = number("socketsperboard");
  const sockets = perBoard === undefined ? number("sockets") : boards * perBoard;
  if (given === undefined || given === 0) return;
  if (sockets === undefined) {
    // Sockets are then worked out from CPUs, which fails only when they do not divide.
    if (given % (cores * threads) === 0 || given === boards || given === boards * cores) return;
  } else if ([sockets, sockets * cores, sockets * cores * threads].includes(given)) return;
  const cpus = line.settings.get("cpus") ?? line.settings.get("procs");
  if (!cpus) return;
  const product = (sockets ?? boards) * cores * threads;
  const shape = `${sockets ?? boards} sockets x ${cores} cores x ${threads} threads`;
  yield errorAt(cpus, {
    code: "cpu-count",
    message: `CPUs=${given} does not fit ${shape}; Slurm takes ${product}`,
    hint: `write CPUs=${product}, or leave it out`,
    says: `NodeNames=${line.name} CPUs=${given} match no Sockets, Sockets*CoresPerSocket or Sockets*CoresPerSocket*ThreadsPerCore. Resetting CPUs.`,
  });
}

function* memory(line: SiteNodes): Generator<Problem> {
  const real = line.said.get("realmemory");
  const spec = line.said.has("memspeclimit") ? line.settings.get("memspeclimit") : undefined;
  if (!real || !spec || !(Number(spec.value) >= Number(real.value))) return;
  yield errorAt(spec, {
    code: "mem-spec-limit",
    message: `MemSpecLimit=${spec.value} leaves nothing of RealMemory=${real.value}`,
    hint: "it is the part of RealMemory that jobs do not get, in MiB",
    says: `NodeNames=${line.name} MemSpecLimit=${spec.value} is invalid, reset to 0`,
  });
}
