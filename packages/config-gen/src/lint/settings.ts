import { findKey, type KnownKey } from "../knowledge/knowledge.ts";
import type { ConfLine, Said, Setting } from "../read/conf-file.ts";
import type { Subject } from "./rule.ts";

/** A key as it stands in one file and context, and every setting of it. */
export class KeyUse {
  readonly file: string;
  /** The record's first key, as written, or "" outside of records. */
  readonly context: string;
  /** As written. */
  readonly key: string;
  /** Undefined where the release refuses the key. */
  readonly known: KnownKey | undefined;
  readonly #lines: ConfLine[] = [];
  readonly #attributes: Attribute[] = [];

  constructor(place: Pick<KeyUse, "file" | "context" | "key">, known: KnownKey | undefined) {
    this.file = place.file;
    this.context = place.context;
    this.key = place.key;
    this.known = known;
  }

  addLine(line: ConfLine): void {
    this.#lines.push(line);
  }

  addAttribute(attribute: Attribute): void {
    this.#attributes.push(attribute);
  }

  /** The settings of which this is true; lines that go on alike are asked about once. */
  *where(wanted: (said: Said) => boolean): Generator<Setting> {
    for (const line of this.#lines) if (wanted(line)) yield line;
    for (const { said, index, lines } of this.#attributes)
      if (wanted(said)) for (const line of lines) yield line.attributes[index] as Setting;
  }

  all(): Iterable<Setting> {
    return this.where(() => true);
  }
}

/** What is said at one place of all lines that go on alike. */
interface Attribute {
  readonly said: Said;
  readonly index: number;
  readonly lines: readonly ConfLine[];
}

/** Several rules look at all of them. */
const USES = new WeakMap<Subject["site"], readonly KeyUse[]>();

/** Every key of every file that the release knows, records' own ones after the record's name. */
export function keyUses({ site, knowledge }: Pick<Subject, "site" | "knowledge">): readonly KeyUse[] {
  const made = USES.get(site);
  if (made) return made;
  const all: KeyUse[] = [];
  for (const [file, conf] of site.confs) {
    if (!knowledge.files[file]) continue;
    const use = usesOf(file, knowledge, all);
    for (const [key, lines] of Map.groupBy(conf.lines, (line) => line.key)) {
      const ofKey = use("", key);
      for (const line of lines) ofKey.addLine(line);
      for (const [rest, alike] of Map.groupBy(lines, (line) => line.rest))
        for (const [index, said] of rest.pairs.entries())
          use(key, said.key).addAttribute({ said, index, lines: alike });
    }
  }
  USES.set(site, all);
  return all;
}

/** The use of a key in a context, made and added to `all` when it is the first. */
function usesOf(file: string, knowledge: Subject["knowledge"], all: KeyUse[]) {
  const made = new Map<string, KeyUse>();
  return (context: string, key: string): KeyUse => {
    const name = `${context} ${key}`;
    const before = made.get(name);
    if (before) return before;
    const use = new KeyUse({ file, context, key }, findKey(knowledge, file, context, key));
    made.set(name, use);
    all.push(use);
    return use;
  };
}
