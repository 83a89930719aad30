import type { Problem } from "../problem.ts";
import { expandHostlist, HostlistError } from "../slurm/hostlist.ts";
import { type ConfLine, type ParsedConf, parseConf, type Said, type Setting } from "./conf-file.ts";
import { withDefaults } from "./lent.ts";
import { type SiteFile, type SiteFiles, shownName } from "./site-files.ts";

export { NOT_LENT } from "./lent.ts";

/** A NodeName, PartitionName, ... line with the values that DEFAULT lines above it lend. */
export interface SiteRecord {
  readonly line: ConfLine;
  /** As written after the equals sign. */
  readonly name: string;
  /** What holds for it, own or from DEFAULT; keys in lower case. */
  readonly settings: ReadonlyMap<string, Setting>;
  /** The same without places: one map for all records that say the same, so that it is judged once. */
  readonly said: ReadonlyMap<string, Said>;
}

/** A NodeName line. */
export interface SiteNodes extends SiteRecord {
  /** Its hostlist expanded; empty when it cannot be. */
  readonly names: readonly string[];
}

/** A site's configuration as Slurm understands it. Nothing is judged here: see `lint/`. */
export interface Site {
  readonly slurm: string;
  readonly files: SiteFiles;
  /** Each file that has Slurm's usual grammar, by name, with what it includes. */
  readonly confs: ReadonlyMap<string, ParsedConf>;
  readonly nodes: readonly SiteNodes[];
  readonly partitions: readonly SiteRecord[];
  readonly nodeSets: readonly SiteRecord[];
  readonly downNodes: readonly SiteRecord[];
  readonly frontends: readonly SiteRecord[];
  /** What could not be read at all. */
  readonly problems: readonly Problem[];
}

/** Files that are lists of `Key=Value`. Others (plugstack.conf, topology.yaml, scripts) are kept as text. */
export const CONF_FILES = [
  "slurm.conf",
  "slurmdbd.conf",
  "gres.conf",
  "cgroup.conf",
  "topology.conf",
  "acct_gather.conf",
  "job_container.conf",
  "helpers.conf",
  "mpi.conf",
  "oci.conf",
  "burst_buffer.conf",
] as const;

/**
 * Reads a site's folder as the given release of Slurm would. Never throws.
 *
 * Undefined in place of a site when there is no slurm.conf in it, or what is called so is none.
 */
export function readSite(files: SiteFiles, slurm: string): { site?: Site; problems: readonly Problem[] } {
  const main = files.get("slurm.conf");
  if (!main) {
    const names = [...files.keys()].slice(0, 8).join(", ");
    const message = `there is no slurm.conf in the folder${names ? `, only ${names}` : ", which is empty"}`;
    return { problems: [{ severity: "error", code: "no-slurm-conf", path: "slurm.conf", message }] };
  }
  // A stray one ends its line, as Slurm has it. Two together are padding, which archives have and no text.
  const nul = main.content.indexOf("\0\0");
  if (nul >= 0) return { problems: [noText(main, nul)] };
  const confs = new Map<string, ParsedConf>();
  for (const name of CONF_FILES) if (files.has(name)) confs.set(name, parseConf(files, name, slurm));
  const lines = confs.get("slurm.conf")?.lines ?? [];
  if (lines.length === 0) return { problems: [none(main, confs.get("slurm.conf")?.problems ?? [])] };
  const problems = [...confs.values()].flatMap((conf) => conf.problems);
  const byKey = Map.groupBy(
    lines.filter((line) => line.record),
    (line) => line.key.toLowerCase(),
  );
  const records = (key: string) => withDefaults(byKey.get(key) ?? [], key);
  const nodes = withNames(records("nodename"), problems);
  return {
    problems,
    site: {
      slurm,
      files,
      confs,
      nodes,
      partitions: records("partitionname"),
      nodeSets: records("nodeset"),
      downNodes: records("downnodes"),
      frontends: records("frontendname"),
      problems,
    },
  };
}

/** An archive of a configuration has lines of it: Slurm would read those, and nobody can have meant it. */
function noText(main: SiteFile, nul: number): Problem {
  const before = main.content.slice(0, nul).split("\n");
  const place = { file: shownName(main), line: before.length, column: (before.at(-1) ?? "").length + 1 };
  const message = "it has NUL bytes in it, so this is no slurm.conf";
  const hint = "is it an archive? name the folder with its files";
  return { severity: "error", code: "no-slurm-conf", path: "slurm.conf", message, hint, place };
}

/** Why a slurm.conf says nothing: it may be another thing, or include its lines from files that are not there. */
function none(main: SiteFile, problems: readonly Problem[]): Problem {
  const include = problems.find((problem) => problem.code === "include");
  if (include) return { ...include, code: "no-slurm-conf", path: "slurm.conf" };
  const place = { file: shownName(main), line: 1, column: 1 };
  const message =
    main.content.trim() === ""
      ? "slurm.conf is empty"
      : "not one line of it is Key=Value, so this is no slurm.conf";
  return { severity: "error", code: "no-slurm-conf", path: "slurm.conf", message, place };
}

/** What Slurm has room for (MAX_SLURM_NODES). */
const MAX_NODES = 65_536;

function withNames(records: readonly SiteRecord[], problems: Problem[]): SiteNodes[] {
  let left = MAX_NODES;
  return records.map((record) => {
    const names = left >= 0 ? expand(record.line, problems) : [];
    const fits = names.length <= left;
    if (!fits && left >= 0) problems.push(tooMany(record.line));
    left = fits ? left - names.length : -1;
    return Object.assign(record, { names: fits ? names : [] });
  });
}

function tooMany(line: ConfLine): Problem {
  const message = `more than ${MAX_NODES} nodes are defined up to here, and the rest is not read`;
  return { severity: "error", code: "hostlist", path: line.key, message, place: line.valuePlace };
}

function expand(line: ConfLine, problems: Problem[]): readonly string[] {
  try {
    return expandHostlist(line.value);
  } catch (error) {
    if (!(error instanceof HostlistError)) throw error;
    problems.push({
      severity: "error",
      code: "hostlist",
      path: line.key,
      message: error.message,
      place: line.valuePlace,
    });
    return [];
  }
}

/** Rules ask for some sixty keys, and a large file has thousands of lines: they are gone through once. */
const PLAIN = new WeakMap<ParsedConf, ReadonlyMap<string, ConfLine>>();

function plainSettings(conf: ParsedConf): ReadonlyMap<string, ConfLine> {
  const made = PLAIN.get(conf);
  if (made) return made;
  const last = new Map<string, ConfLine>();
  for (const line of conf.lines) if (!line.record) last.set(line.key.toLowerCase(), line);
  PLAIN.set(conf, last);
  return last;
}

/** The value that holds: the last one written. */
export function settingOf(site: Site, key: string, file = "slurm.conf"): Setting | undefined {
  const conf = site.confs.get(file);
  return conf && plainSettings(conf).get(key.toLowerCase());
}

/** Its value, or undefined. */
export function textOf(site: Site, key: string, file = "slurm.conf"): string | undefined {
  return settingOf(site, key, file)?.value;
}
