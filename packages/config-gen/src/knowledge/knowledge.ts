import { DATA } from "./releases.ts";

export { CHANGES, type Change } from "./changes.ts";
export { PLUGIN_KEYS, type PluginKey } from "./plugin-keys.ts";
export { RELEASES } from "./releases.ts";

/** How Slurm's parser takes a value, in the words of its own `S_P_…` types. */
export type KeyType =
  | "string"
  /** As it stands, even where a string would be expanded as a host list. */
  | "plain-string"
  | "boolean"
  | "uint16"
  | "uint32"
  | "uint64"
  | "long"
  | "float"
  | "double"
  | "long-double"
  /** A value that the parser hands on as it is, or that the key has a handler for. */
  | "list"
  /** The first key of a line with keys of its own: `NodeName=…`. */
  | "record"
  /** Accepted, without effect; the daemon may log it. */
  | "ignored";

/** What one Slurm release accepts in its configuration files. */
export interface SlurmKnowledge {
  /** The release: `24.11`. */
  readonly slurm: string;
  /** The version that was read: `24.11.5`. */
  readonly version: string;
  /** Where the facts come from, one sentence each. */
  readonly provenance: readonly string[];
  /** File → context → canonical key → type. Context `""` is global, `NodeName` is what may follow `NodeName=…`. */
  readonly files: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, KeyType>>>>>>;
  /** Plugin type → names: `select` → `["cons_tres", "linear"]`. All that Slurm has. */
  readonly plugins: Readonly<Record<string, readonly string[]>>;
  /** Of those, the ones that the distribution does not package. */
  readonly unpackaged: Readonly<Record<string, readonly string[]>>;
}

/** What is known of a release named as in `RELEASES`. */
export function knowledgeOf(slurm: string): SlurmKnowledge | undefined {
  return DATA.find((knowledge) => knowledge.slurm === slurm);
}

/** A key as Slurm spells it, with its type, or undefined where the release refuses it. Slurm ignores case, and so does this. */
export function findKey(
  knowledge: SlurmKnowledge,
  file: string,
  context: string,
  key: string,
): KnownKey | undefined {
  return indexOf(knowledge).get(`${file} ${context.toLowerCase()} ${key.toLowerCase()}`);
}

/** A key as Slurm spells it. */
export interface KnownKey {
  readonly name: string;
  readonly type: KeyType;
}

/** A site of ten thousand nodes asks fifty thousand times. */
const INDEXES = new WeakMap<SlurmKnowledge, ReadonlyMap<string, KnownKey>>();

function indexOf(knowledge: SlurmKnowledge): ReadonlyMap<string, KnownKey> {
  const made = INDEXES.get(knowledge);
  if (made) return made;
  const index = new Map<string, KnownKey>();
  for (const [file, contexts] of Object.entries(knowledge.files)) {
    for (const [context, keys] of Object.entries(contexts)) {
      for (const [name, type] of Object.entries(keys))
        index.set(`${file} ${context.toLowerCase()} ${name.toLowerCase()}`, { name, type });
    }
  }
  INDEXES.set(knowledge, index);
  return index;
}

/** The releases of ours that accept a key, oldest first, by their tables. */
export function keyHistory(file: string, context: string, key: string): { readonly in: readonly string[] } {
  const accepting = DATA.filter((knowledge) => findKey(knowledge, file, context, key));
  return { in: accepting.map((knowledge) => knowledge.slurm) };
}
