import { readFileSync } from "node:fs";
import type { KeyType, SlurmKnowledge } from "../src/knowledge/knowledge.ts";
import { builtTables } from "./code.ts";
import { DOCUMENTED, type Documented } from "./documented.ts";
import { Elf } from "./elf.ts";
import type { Installed } from "./installed.ts";
import { PLACES, type Place } from "./places.ts";
import { pluginsOf } from "./plugins.ts";
import { type Entry, strideOf, type Table, tablesOf } from "./tables.ts";

/** `S_P_…` in the order of Slurm's enum, which has been the same since 17.11. */
const TYPES: readonly KeyType[] = [
  "ignored",
  "string",
  "long",
  "uint16",
  "uint32",
  "uint64",
  "list",
  "list",
  "boolean",
  "record",
  "record",
  "plain-string",
  "float",
  "double",
  "long-double",
];

type Files = Record<string, Record<string, Record<string, KeyType>>>;

/** All that is known of a release: its programs' parser tables, and what only documents say. */
export function knowledge(slurm: string, installed: Installed): SlurmKnowledge {
  const documented = DOCUMENTED[slurm];
  if (!documented) throw new Error(`documented.ts has no ${slurm}: add it, as README.md says`);
  if (!installed.version.startsWith(`${slurm}.`))
    throw new Error(`expected packages of Slurm ${slurm}, found ${installed.version}`);
  const files: Files = {};
  for (const [place, entries] of recognised(installed))
    for (const entry of entries) keysAt(files, place.file, place.context)[entry.key] = typeOf(entry, place);
  addDocumented(files, documented);
  dropUnreachable(files);
  const { plugins, unpackaged } = pluginsOf(installed.plugins, documented);
  return {
    slurm,
    version: installed.version,
    provenance: [
      `parser tables in the distribution's packages of Slurm ${installed.version}: slurm.conf, slurmdbd.conf and whatever is not named below`,
      ...documented.provenance,
    ],
    files: sorted(files, (contexts) => sorted(contexts, (keys) => sorted(keys, (type) => type))),
    plugins,
    unpackaged,
  };
}

/** Each place with the entries of every table that is recognised as its own. */
function recognised(installed: Installed): Array<readonly [Place, readonly Entry[]]> {
  const library = installed.programs.get("libslurmfull.so") ?? "";
  const stride = strideOf(new Elf(readFileSync(library)));
  return [...installed.programs].flatMap(([name, path]) => {
    const places = PLACES.filter((place) => place.in.test(name));
    if (places.length === 0) return [];
    const elf = new Elf(readFileSync(path));
    const tables = [...tablesOf(elf, stride), ...builtTables(path, elf, stride)];
    return places.flatMap((place) =>
      tables.filter((table) => belongs(table, place)).map((table) => [place, table.entries] as const),
    );
  });
}

function belongs({ entries }: Table, { anchors, without = [], context, file }: Place): boolean {
  const keys = new Set(entries.map((entry) => entry.key));
  // Without an anchor, other arrays that start with a string have to be told from tables: those have types throughout.
  if (anchors.length === 0 && entries.some((entry) => entry.type === 0 || !/^[A-Z]/.test(entry.key)))
    return false;
  if (file === "slurm.conf" && context === "" && keys.size < 100) return false;
  return anchors.every((key) => keys.has(key)) && !without.some((key) => keys.has(key));
}

function typeOf(entry: Entry, { file, context }: Place): KeyType {
  const type = TYPES[entry.type] ?? "ignored";
  const record = PLACES.some((place) => place.file === file && place.context === entry.key);
  if (context === "" && record && type === "list") return "record";
  // Only keys that are taken and then only logged (`_defunct_option`) have both a simple type and a handler.
  return type !== "list" && entry.handler !== 0 ? "ignored" : type;
}

function addDocumented(files: Files, { files: more, refused }: Documented): void {
  for (const [file, contexts] of Object.entries(more))
    for (const [context, keys] of Object.entries(contexts)) Object.assign(keysAt(files, file, context), keys);
  for (const { file, context, key } of refused) {
    const keys = keysAt(files, file, context);
    if (!keys[key]) throw new Error(`documented.ts says that ${key} is refused, but no table has it`);
    delete keys[key];
  }
}

/** A table that is there for lines that cannot be written: no key starts them. */
function dropUnreachable(files: Files): void {
  for (const [file, contexts] of Object.entries(files))
    if (file.endsWith(".conf"))
      for (const context of Object.keys(contexts))
        if (context !== "" && !contexts[""]?.[context]) delete contexts[context];
}

function keysAt(files: Files, file: string, context: string): Record<string, KeyType> {
  const contexts = files[file] ?? {};
  files[file] = contexts;
  const keys = contexts[context] ?? {};
  contexts[context] = keys;
  return keys;
}

function sorted<T, U>(record: Readonly<Record<string, T>>, map: (value: T) => U): Record<string, U> {
  const order = (a: string, b: string) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1);
  return Object.fromEntries(
    Object.entries(record)
      .sort(([a], [b]) => order(a, b))
      .map(([key, value]) => [key, map(value)]),
  );
}
