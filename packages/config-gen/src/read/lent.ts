import type { ConfLine, Said, Setting } from "./conf-file.ts";
import type { SiteRecord } from "./site.ts";

/** Keys that a `PartitionName=DEFAULT` line does not lend to the partitions below it (_parse_partitionname). */
export const NOT_LENT: ReadonlySet<string> = new Set([
  "disablerootjobs",
  "exclusivetopo",
  "exclusiveuser",
  "powerdownonidle",
  "selecttypeparameters",
  "suspendtime",
]);

/** Records that have DEFAULT lines. To the others it is a name. */
const LENDING: ReadonlySet<string> = new Set(["nodename", "partitionname", "frontendname"]);

/** DEFAULT lines add up, and hold for what stands below them. `lines` are those of the key. */
export function withDefaults(lines: readonly ConfLine[], key: string): SiteRecord[] {
  const records: SiteRecord[] = [];
  const lent = new Map<string, Setting>();
  let lender = new Lender([]);
  for (const line of lines) {
    if (LENDING.has(key) && line.value.toUpperCase() === "DEFAULT") {
      for (const setting of line.attributes) lent.set(setting.key.toLowerCase(), setting);
      lender = new Lender([...lent].filter(([name]) => key !== "partitionname" || !NOT_LENT.has(name)));
    } else records.push(new LentRecord(line, lender));
  }
  return records;
}

/** What DEFAULT lines lend to the records between them and the next one. */
class Lender {
  readonly #lent: ReadonlyArray<readonly [string, Setting]>;
  readonly #said = new Map<ConfLine["rest"], ReadonlyMap<string, Said>>();

  constructor(lent: ReadonlyArray<readonly [string, Setting]>) {
    this.#lent = lent;
  }

  settings(line: ConfLine): ReadonlyMap<string, Setting> {
    return merge<Setting>(this.#lent, line.attributes);
  }

  said({ rest }: ConfLine): ReadonlyMap<string, Said> {
    const made = this.#said.get(rest);
    if (made) return made;
    const said = merge<Said>(this.#lent, rest.pairs);
    this.#said.set(rest, said);
    return said;
  }
}

class LentRecord implements SiteRecord {
  readonly line: ConfLine;
  readonly name: string;
  readonly said: ReadonlyMap<string, Said>;
  readonly #lender: Lender;
  #settings: ReadonlyMap<string, Setting> | undefined;

  constructor(line: ConfLine, lender: Lender) {
    this.line = line;
    this.name = line.value;
    this.said = lender.said(line);
    this.#lender = lender;
  }

  /** Made when asked for: a large site has thousands of records, and few of them any problem. */
  get settings(): ReadonlyMap<string, Setting> {
    this.#settings ??= this.#lender.settings(this.line);
    return this.#settings;
  }
}

/**
 * Two names of one thing, the one that Slurm looks for first in front: of two on one line it holds. Of `ownFirst` the
 * line's own, under either name, hides what DEFAULT says; of the others the first name in DEFAULT hides the second on
 * the line (_parse_nodename, _parse_partitionname).
 */
const TWO_NAMES = [
  { first: "feature", second: "features", ownFirst: true },
  { first: "cpus", second: "procs", ownFirst: false },
  { first: "oversubscribe", second: "shared", ownFirst: false },
] as const;

function merge<T extends Said>(
  inherited: ReadonlyArray<readonly [string, T]>,
  line: readonly T[],
): Map<string, T> {
  const own = new Map(line.map((said) => [said.key.toLowerCase(), said]));
  const all = new Map([...inherited, ...own]);
  for (const { first, second, ownFirst } of TWO_NAMES) {
    if (!all.has(first) || !all.has(second)) continue;
    all.delete(ownFirst && own.has(second) && !own.has(first) ? first : second);
  }
  return all;
}
