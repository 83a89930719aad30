import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { KeyType, SlurmKnowledge } from "../src/knowledge/knowledge.ts";
import { PLACES } from "./places.ts";

const WORDS: Readonly<Record<string, KeyType>> = {
  S_P_IGNORE: "ignored",
  S_P_STRING: "string",
  S_P_LONG: "long",
  S_P_UINT16: "uint16",
  S_P_UINT32: "uint32",
  S_P_UINT64: "uint64",
  S_P_POINTER: "list",
  S_P_ARRAY: "list",
  S_P_BOOLEAN: "boolean",
  S_P_LINE: "record",
  S_P_EXPLINE: "record",
  S_P_PLAIN_STRING: "plain-string",
  S_P_FLOAT: "float",
  S_P_DOUBLE: "double",
  S_P_LONG_DOUBLE: "long-double",
};

type Keys = ReadonlyMap<string, KeyType>;

/**
 * What the C tables of a source tree say otherwise than what was read out of the binaries, one line each. A table of
 * the binaries is compared with the table of the sources that shares most keys with it.
 */
export function differences(read: SlurmKnowledge, tree: string): string[] {
  const tables = sourceTables(tree);
  return PLACES.flatMap(({ file, context }) => {
    const keys = read.files[file]?.[context];
    if (!keys) return [];
    const names = Object.keys(keys);
    const shared = (table: Keys) => names.filter((name) => table.has(name)).length;
    // Several plugins may read one file, and each has its own table.
    const parts =
      file === "acct_gather.conf" || file === "topology.conf"
        ? [...tables].filter((table) => shared(table) === table.size)
        : [...tables].sort((a, b) => shared(b) - shared(a) || a.size - b.size).slice(0, 1);
    const source = new Map(parts.flatMap((table) => [...table]));
    const where = `${file} ${context}`.trim();
    return [
      ...names.filter((name) => !source.has(name)).map((name) => `${where}: ${name} is in no source`),
      ...[...source.keys()]
        .filter((name) => !keys[name])
        .map((name) => `${where}: ${name} is only in the sources`),
      ...names.flatMap((name) => {
        const [here, there] = [keys[name], source.get(name)];
        if (!there || here === there || (here === "record" && there === "list")) return [];
        return [`${where}: ${name} is ${here} in the binaries, ${there} in the sources`];
      }),
    ];
  });
}

/** Every `s_p_options_t name[] = { … }` of a source tree. */
function sourceTables(tree: string): Keys[] {
  const files = readdirSync(join(tree, "src"), { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && entry.name.endsWith(".c") && !entry.parentPath.includes("sview"),
  );
  return files.flatMap((entry) => {
    const text = readFileSync(join(entry.parentPath, entry.name), "utf8");
    return [...text.matchAll(/s_p_options_t\s+\w+\[\]\s*=\s*\{(.*?)\}\s*;/gs)].map(([, body = ""]) =>
      tableOf(body),
    );
  });
}

function tableOf(body: string): Keys {
  const entries = body
    .replaceAll(/\/\/.*|\/\*.*?\*\//g, "")
    .matchAll(/\{\s*(?:\.key = )?"(\w+)"\s*,\s*(?:\.type = )?(S_P_\w+)\s*(?:,\s*(\w+))?/g);
  return new Map(
    [...entries].map(([, key = "", type = "", handler = "NULL"]) => {
      const word = WORDS[type] ?? "ignored";
      return [key, word !== "list" && handler === "_defunct_option" ? "ignored" : word];
    }),
  );
}
