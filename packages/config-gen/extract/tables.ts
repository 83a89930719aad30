import type { Elf } from "./elf.ts";

/** One entry of a parser table (`s_p_options_t`). */
export interface Entry {
  readonly key: string;
  /** The value of Slurm's enum `slurm_parser_enum`. */
  readonly type: number;
  /** The address of its handler; 0 without one. */
  readonly handler: number;
  /** The keys that may follow it on its line, where the table says so itself. */
  readonly line: readonly Entry[];
}

/** A parser table as it lies in a file's data. */
export interface Table {
  readonly address: number;
  readonly entries: readonly Entry[];
}

/** Key, type, handler, destroy, line_options; since 23.02 also pack and unpack. */
const STRIDES = [40, 56] as const;
const KEY = /^[A-Za-z_][A-Za-z0-9_]*$/;
const TYPES = 15;

/** Every parser table of a file, in the order in which they lie there. The stride is found by `strideOf`. */
export function tablesOf(elf: Elf, stride: number): Table[] {
  const tables: Table[] = [];
  let end = -1;
  for (const address of [...elf.pointers.keys()].sort((a, b) => a - b)) {
    if (address < end || !entryAt(elf, address, stride)) continue;
    const entries = run(elf, address, stride);
    if (!entries) continue;
    tables.push({ address, entries });
    end = address + entries.length * stride;
  }
  return tables;
}

/** The size of an entry in this file: that with which the table of slurm.conf itself can be read. */
export function strideOf(elf: Elf): number {
  for (const stride of STRIDES)
    for (const { entries } of tablesOf(elf, stride))
      if (entries.length > 100 && entries.some(({ key }) => key === "ClusterName")) return stride;
  throw new Error("no table of slurm.conf in it, whatever the size of an entry");
}

/** The entries from here to the one without a key; undefined when something else comes first. */
function run(elf: Elf, address: number, stride: number): Entry[] | undefined {
  const entries: Entry[] = [];
  for (let at = address; ; at += stride) {
    const entry = entryAt(elf, at, stride);
    if (entry) entries.push(entry);
    else return elf.pointers.has(at) || elf.word(at) ? undefined : entries;
  }
}

function entryAt(elf: Elf, address: number, stride: number): Entry | undefined {
  const target = elf.pointers.get(address);
  const key = target === undefined ? undefined : elf.text(target);
  const type = elf.word(address + 8);
  if (key === undefined || !KEY.test(key) || type >= TYPES) return undefined;
  if (elf.pointers.has(address + 8) || elf.word(address + 12)) return undefined;
  for (let at = address + 16; at < address + stride; at += 8)
    if (!elf.pointers.has(at) && (elf.word(at) || elf.word(at + 4))) return undefined;
  const line = elf.pointers.get(address + 32);
  return {
    key,
    type,
    handler: elf.pointers.get(address + 16) ?? 0,
    line: (line !== undefined && run(elf, line, stride)) || [],
  };
}
