import { execFileSync } from "node:child_process";
import type { Elf } from "./elf.ts";
import type { Entry, Table } from "./tables.ts";

/** What a register or a place on the stack holds, as far as straight-line code tells. */
type Value = { readonly address: number } | { readonly number: number } | { readonly stack: string };

/** What takes a table of options, and in which argument. */
const TAKERS: ReadonlyArray<readonly [name: RegExp, register: string]> = [
  [/<(slurm_)?s_p_hashtbl_create(_cnt)?@/, "rdi"],
  [/<(slurm_)?transfer_s_p_options@/, "rsi"],
];

/**
 * Tables that are not in a file's data because a function builds them on its stack: `s_p_options_t options[] = {…}`
 * in a function. x86-64 only; its instructions are read as objdump prints them, in the order in which they stand,
 * which is enough because compilers build an initialiser without branches.
 */
export function builtTables(path: string, elf: Elf, stride: number): Table[] {
  const text = execFileSync("objdump", ["-d", "--no-show-raw-insn", path], {
    encoding: "utf8",
    maxBuffer: 1 << 30,
    stdio: ["ignore", "pipe", "ignore"],
  });
  const tables: Table[] = [];
  let frame = new Frame();
  for (const line of text.split("\n")) {
    const match = /^\s*([0-9a-f]+):\t(\S+)\s*([^#]*)(?:#\s*([0-9a-f]+))?/.exec(line);
    if (!match) {
      if (line.endsWith(">:")) frame = new Frame();
      continue;
    }
    const [, at = "", name = "", operands = "", target] = match;
    frame.arrive(at);
    if (name.startsWith("j")) frame.leave(operands.split(" ")[0] ?? "");
    else if (name === "call") {
      const register = TAKERS.find(([taker]) => taker.test(line))?.[1];
      const value = register && frame.read(`%${register}`);
      if (value && "stack" in value) {
        const entries = frame.entries(elf, value.stack, stride);
        if (entries.length > 0) tables.push({ address: Number.parseInt(at, 16), entries });
      }
    } else frame.step(name, operandsOf(operands), target);
  }
  return tables;
}

/** `mov %rax,-0x10(%rbp,%rcx,8)` has two operands, not four. */
function operandsOf(text: string): string[] {
  return (text.trim().match(/(?:\([^)]*\)|[^,(])+/g) ?? []).map((operand) => operand.trim());
}

/** Registers and stack of one function. */
class Frame {
  readonly #values = new Map<string, readonly Value[]>();
  readonly #jumps = new Map<string, ReadonlyArray<readonly [string, readonly Value[]]>>();

  /** Notes what the registers hold where a jump is made. */
  leave(target: string): void {
    if (!this.#jumps.has(target))
      this.#jumps.set(
        target,
        [...this.#values].filter(([place]) => place.startsWith("%")),
      );
  }

  /** At the target of a jump its registers count: what stands right before it often is a branch that never gets here. */
  arrive(address: string): void {
    for (const [register, value] of this.#jumps.get(address) ?? []) this.#values.set(register, value);
  }

  read(operand: string): Value | undefined {
    return this.#halves(operand)[0];
  }

  step(name: string, [from = "", to]: string[], target: string | undefined): void {
    if (to === undefined) return;
    if (name === "lea") {
      const place = target ? { address: Number.parseInt(target, 16) } : stackPlace(from);
      this.#set(to, place ? [place] : []);
    } else if (name === "xor" && from === to) this.#set(to, [{ number: 0 }]);
    else if (name === "movhps" || name === "punpcklqdq")
      this.#set(to, [...this.#halves(to).slice(0, 1), ...this.#halves(from).slice(0, 1)]);
    else if (/^(mov[lqaudps]*|movdq[au])$/.test(name)) {
      const low = name === "movq" ? this.#halves(from).slice(0, 1) : this.#halves(from);
      this.#set(to, low);
    } else if (to.startsWith("%")) this.#set(to, []);
  }

  /** The entries that were put on the stack from a place on, up to the one without a key. */
  entries(elf: Elf, start: string, stride: number): Entry[] {
    const [base = "", offset = "0"] = start.split(" ");
    const at = (add: number) => this.#values.get(`${base} ${Number(offset) + add}`)?.[0];
    const entries: Entry[] = [];
    for (let i = 0; ; i += stride) {
      const key = at(i);
      const text = key && "address" in key ? elf.text(key.address) : undefined;
      if (text === undefined) return entries;
      const type = at(i + 8);
      const handler = at(i + 16);
      entries.push({
        key: text,
        type: type && "number" in type ? type.number : 0,
        handler: handler && "address" in handler ? handler.address : 0,
        line: [],
      });
    }
  }

  #halves(operand: string): readonly Value[] {
    const immediate = /^\$(-?0x[0-9a-f]+)$/.exec(operand)?.[1];
    if (immediate) return [{ number: Number(immediate) }];
    return this.#values.get(placeOf(operand)) ?? [];
  }

  #set(operand: string, values: readonly Value[]): void {
    const place = placeOf(operand);
    const [base, offset] = place.split(" ");
    this.#values.set(place, values.slice(0, 1));
    if (!offset) this.#values.set(place, values);
    else if (values[1]) this.#values.set(`${base} ${Number(offset) + 8}`, [values[1]]);
  }
}

/** A register by its full name, or a place on the stack as "register offset". */
function placeOf(operand: string): string {
  const stack = stackPlace(operand);
  if (stack) return stack.stack;
  const short = /^%e(\w\w)$|^%(r\d+)d$/.exec(operand);
  return short ? `%r${short[1] ?? short[2]?.slice(1)}` : operand;
}

function stackPlace(operand: string): { stack: string } | undefined {
  const match = /^(-?0x[0-9a-f]+)?\(%(rsp|rbp)\)$/.exec(operand);
  if (!match) return undefined;
  const hex = match[1] ?? "0x0";
  const offset = hex.startsWith("-") ? -Number(hex.slice(1)) : Number(hex);
  return { stack: `${match[2]} ${offset}` };
}
