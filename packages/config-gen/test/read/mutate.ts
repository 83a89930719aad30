import fc from "fast-check";
import type { SiteFile, SiteFiles } from "../../src/index.ts";
import { CORPUS, type CorpusSite } from "./corpus.ts";

/** One way to spoil a text; the numbers are chances from 0 to 1. */
type Spoil = (text: string, chances: readonly [number, number, number]) => string;

const at = (length: number, chance: number) => Math.min(length - 1, Math.floor(length * chance));

/** Works on lines: `change` gets them and the places of two. */
const onLines =
  (change: (lines: string[], first: number, second: number) => void): Spoil =>
  (text, [a, b]) => {
    const lines = text.split("\n");
    change(lines, at(lines.length, a), at(lines.length, b));
    return lines.join("\n");
  };

/** Works on bytes, so that characters of several bytes are torn apart. */
const onBytes =
  (change: (bytes: Uint8Array, first: number, random: number) => Uint8Array): Spoil =>
  (text, [a, b, c]) => {
    const bytes = new TextEncoder().encode(text);
    const changed = change(bytes, at(bytes.length + 1, a), b * 256 + c);
    return new TextDecoder("utf-8", { ignoreBOM: true }).decode(changed);
  };

/** What stands in files by mistake, or means something to a parser. */
const PIECES = [
  "\\",
  "#",
  '"',
  "\0",
  "[",
  "]",
  "=",
  ",",
  " ",
  "\r\n",
  "\uFEFF",
  "(",
  "{",
  "é",
  "-",
  "DEFAULT",
];
const LINES = [
  "Include slurm.conf",
  "Include lost.conf",
  "Include /etc/slurm/*.conf",
  "Include %c",
  "NodeName=x[1-99999]",
  "NodeName=[1-3]",
  "NodeName=localhost CPUs=0 Sockets=99999",
  "NodeName=x Gres=gpu:a:100,gpu:A:9999,shard:7,mps:1,y:0",
  "PartitionName=x Nodes=x,,y",
  "NodeSet=x Nodes=x Feature=y",
  "DownNodes=x State=oops",
  "SlurmctldHost=x",
  "__proto__=x",
  "constructor=x",
  "PrologFlags=X11,__proto__",
  "NodeName=constructor toString=1 __proto__=2",
];
const pick = <T>(all: readonly T[], chance: number): T => all[at(all.length, chance)] as T;

const SPOILS: readonly Spoil[] = [
  onLines((lines, first) => lines.splice(first, 1)),
  onLines((lines, first) => lines.splice(first, 0, lines[first] ?? "")),
  onLines((lines, first, second) => {
    [lines[first], lines[second]] = [lines[second] ?? "", lines[first] ?? ""];
  }),
  onLines((lines, first, second) => lines.splice(Math.min(first, second), Math.abs(second - first))),
  (text, [a, b]) =>
    text.slice(0, at(text.length + 1, a)) + pick(PIECES, b) + text.slice(at(text.length + 1, a)),
  (text, [a, b]) => {
    const lines = text.split("\n");
    lines.splice(at(lines.length, a), 0, pick(LINES, b));
    return lines.join("\n");
  },
  (text) => text + text,
  (text) => text.replaceAll("\n", "\\\n"),
  (text) => text.replaceAll("\n", " "),
  (text, [a]) => text.replaceAll(pick([..."=,[]-\n"], a), ""),
  onBytes((bytes, first) => bytes.slice(0, first)),
  onBytes((bytes, first) => bytes.slice(first)),
  onBytes((bytes, first, random) => {
    bytes[first] = random;
    return bytes;
  }),
  onBytes((bytes, first, random) =>
    Uint8Array.from([...bytes.slice(0, first), ...noise(random), ...bytes.slice(first)]),
  ),
];

/** Bytes that look random, the same for the same seed. */
function noise(seed: number): Uint8Array {
  let state = Math.floor(seed * 1000) + 1;
  return Uint8Array.from({ length: 40 }, () => {
    state = (state * 48_271) % 2_147_483_647;
    return state & 255;
  });
}

/** A chance, as text in a counterexample is worth little and a number nothing. */
const chance = fc.double({ min: 0, max: 1, noNaN: true });

/** A site of the corpus, one to four times spoilt. */
export const spoiltSite: fc.Arbitrary<CorpusSite> = fc
  .tuple(
    fc.constantFrom(...CORPUS),
    fc.array(fc.tuple(fc.constantFrom(...SPOILS), chance, chance, chance, chance), {
      minLength: 1,
      maxLength: 4,
    }),
  )
  .map(([site, changes]) => {
    let files: SiteFiles = site.files;
    for (const [spoil, which, a, b, c] of changes) files = spoilt(files, spoil, which, [a, b, c]);
    return { ...site, files };
  });

function spoilt(files: SiteFiles, spoil: Spoil, which: number, chances: readonly [number, number, number]) {
  const changed = new Map(files);
  // slurm.conf every other time: it is one file of many, and nearly all that there is.
  const name = which < 0.5 ? "slurm.conf" : pick([...files.keys()], which * 2 - 1);
  const file: SiteFile = files.get(name) ?? { name, content: "" };
  changed.set(name, { ...file, content: spoil(file.content, chances) });
  if (which > 0.97) changed.delete(name);
  return changed;
}
