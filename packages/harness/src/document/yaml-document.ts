import type { Place, Problem } from "@slurmlab/config-gen";
import { type Document, isMap, isPair, isSeq, LineCounter, parseDocument, type Node as YamlNode } from "yaml";
import { messageOf } from "../errors/lab-error.ts";

/** The keys that lead to something in a document. */
export type DocumentPath = ReadonlyArray<string | number>;

/** A YAML text as data, with the place of each part of it. */
export interface YamlDocument {
  readonly root: unknown;
  /** Of a path: its key if it has one, else the deepest part of the path that is there. */
  readonly placeOf: (path: DocumentPath) => Place;
}

export type YamlRead =
  | { readonly ok: true; readonly document: YamlDocument }
  | {
      readonly ok: false;
      readonly problems: Problem[];
      /** When it is YAML all the same, and only a key stands twice: for those who look for what else is wrong. */
      readonly document?: YamlDocument;
    };

/** Characters of the largest document that is read: a site of 10,000 nodes has 2 million, and four times as many take a minute. */
const MOST = 8_000_000;

/** Reads YAML; what is not YAML, or refers to itself, is a list of problems with places. Never throws. */
export function readYamlDocument(text: string, file: string): YamlRead {
  if (text.length > MOST) {
    const message = `it has ${text.length} characters, and is not read: expected ${MOST} at most`;
    return {
      ok: false,
      problems: [{ severity: "error", path: "", message, place: { file, line: 1, column: 1 } }],
    };
  }
  const lines = new LineCounter();
  const parsed = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const place = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const problem = (message: string, offset: number): Problem => ({
    severity: "error",
    path: "",
    message,
    place: place(offset),
  });
  const problems: Problem[] = [];
  if (parsed.errors.length > 0) {
    problems.push(...parsed.errors.map((error) => problem(firstLine(error.message), error.pos[0])));
    if (parsed.errors.some((error) => error.code !== "DUPLICATE_KEY")) return { ok: false, problems };
  }
  const placeOf = (path: DocumentPath) => place(offsetOf(parsed, path));
  try {
    const root: unknown = parsed.toJS();
    // What refers to itself cannot be written out.
    JSON.stringify(root);
    const document = { root, placeOf };
    return problems.length > 0 ? { ok: false, problems, document } : { ok: true, document };
  } catch (error) {
    const circular = /circular/i.test(messageOf(error));
    const message = circular ? "an alias refers to what it stands in" : firstLine(messageOf(error));
    return { ok: false, problems: [{ severity: "error", path: "", message, place: placeOf([]) }] };
  }
}

/** `nodes[0].cpus` as keys: nodes, 0, cpus. A key in quotes is one: `overrides["slurm.conf"]`. */
export function pathKeys(path: string): Array<string | number> {
  return [...path.matchAll(/\["([^"]+)"\]|([^.[\]]+)/g)].map(([, quoted, key = ""]) =>
    quoted !== undefined ? quoted : /^\d+$/.test(key) ? Number(key) : key,
  );
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function offsetOf(document: Document, path: DocumentPath): number {
  let node = document.contents as YamlNode | null;
  let offset = node?.range?.[0] ?? 0;
  for (const key of path) {
    if (isMap(node)) {
      const pair = node.items.find(
        (item) =>
          isPair(item) && String((item.key as { value?: unknown })?.value ?? item.key) === String(key),
      );
      if (!pair) break;
      offset = (pair.key as YamlNode | null)?.range?.[0] ?? offset;
      node = pair.value as YamlNode | null;
    } else if (isSeq(node)) {
      const item = node.items[Number(key)] as YamlNode | undefined;
      if (!item) break;
      offset = item.range?.[0] ?? offset;
      node = item;
    } else break;
  }
  return offset;
}

function firstLine(text: string): string {
  return (text.split("\n")[0] ?? text).replace(/ at line \d+, column \d+:?$/, "");
}
