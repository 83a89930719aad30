/**
 * As much of ELF as it takes to read initialised tables of pointers: sections, relocations and symbols of a 64-bit
 * little-endian file. A pointer in such a file is not in its bytes but in the relocation that the loader would apply.
 */
export class Elf {
  /** Where a pointer lies → where it will point. */
  readonly pointers: ReadonlyMap<number, number>;
  /** Names of the functions and objects at an address, where the file still has them. */
  readonly names: ReadonlyMap<number, string>;
  readonly #bytes: Buffer;
  readonly #sections: readonly Section[];

  constructor(bytes: Buffer) {
    const magic = bytes.subarray(0, 6).toString("latin1");
    if (magic !== "\x7fELF\x02\x01") throw new Error("not a 64-bit little-endian ELF file");
    this.#bytes = bytes;
    this.#sections = sections(bytes);
    if (this.#sections.some(({ type }) => type === SHT_RELR))
      throw new Error("its relocations are packed (SHT_RELR), which this reader does not know");
    const pointers = new Map<number, number>();
    const names = new Map<number, string>();
    const symbols = this.#symbols(SHT_DYNSYM);
    for (const { value, name } of [...symbols, ...this.#symbols(SHT_SYMTAB)])
      if (value) names.set(value, name);
    for (const section of this.#sections.filter(({ type }) => type === SHT_RELA)) {
      for (let at = section.offset; at < section.offset + section.size; at += 24) {
        const kind = bytes.readUInt32LE(at + 8);
        const symbol = symbols[bytes.readUInt32LE(at + 12)];
        const addend = Number(bytes.readBigInt64LE(at + 16));
        const where = Number(bytes.readBigUInt64LE(at));
        if (RELATIVE.has(kind)) pointers.set(where, addend);
        else if (ABSOLUTE.has(kind)) pointers.set(where, (symbol?.value ?? 0) + addend);
      }
    }
    this.pointers = pointers;
    this.names = names;
  }

  /** The 32-bit word at an address; 0 where the file has no bytes (.bss). */
  word(address: number): number {
    const at = this.#offset(address);
    return at === undefined ? 0 : this.#bytes.readUInt32LE(at);
  }

  /** The C string at an address, or undefined when there is none in a section that is not written to. */
  text(address: number): string | undefined {
    const section = this.#section(address);
    if (!section || section.flags & SHF_WRITE) return undefined;
    const at = address - section.address + section.offset;
    const end = this.#bytes.indexOf(0, at);
    return end < 0 || end - at > 200 ? undefined : this.#bytes.toString("latin1", at, end);
  }

  #offset(address: number): number | undefined {
    const section = this.#section(address);
    return section && address - section.address + section.offset;
  }

  #section(address: number): Section | undefined {
    return this.#sections.find(
      ({ type, address: start, size }) =>
        type === SHT_PROGBITS && start > 0 && address >= start && address + 4 <= start + size,
    );
  }

  #symbols(type: number): Array<{ value: number; name: string }> {
    const bytes = this.#bytes;
    const table = this.#sections.find((section) => section.type === type);
    const strings = table && this.#sections[table.link];
    if (!table || !strings) return [];
    return Array.from({ length: table.size / 24 }, (_, i) => {
      const at = table.offset + i * 24;
      const start = strings.offset + bytes.readUInt32LE(at);
      return {
        value: Number(bytes.readBigUInt64LE(at + 8)),
        name: bytes.toString("latin1", start, bytes.indexOf(0, start)),
      };
    });
  }
}

interface Section {
  readonly type: number;
  readonly flags: number;
  readonly address: number;
  readonly offset: number;
  readonly size: number;
  readonly link: number;
}

const [SHT_PROGBITS, SHT_SYMTAB, SHT_RELA, SHT_DYNSYM, SHT_RELR] = [1, 2, 4, 11, 19];
const SHF_WRITE = 1;
/** R_X86_64_RELATIVE and R_AARCH64_RELATIVE; R_X86_64_64 and R_AARCH64_ABS64. */
const RELATIVE = new Set([8, 1027]);
const ABSOLUTE = new Set([1, 257]);

function sections(bytes: Buffer): Section[] {
  const start = Number(bytes.readBigUInt64LE(0x28));
  return Array.from({ length: bytes.readUInt16LE(0x3c) }, (_, i) => {
    const at = start + i * bytes.readUInt16LE(0x3a);
    return {
      type: bytes.readUInt32LE(at + 4),
      flags: Number(bytes.readBigUInt64LE(at + 8)),
      address: Number(bytes.readBigUInt64LE(at + 16)),
      offset: Number(bytes.readBigUInt64LE(at + 24)),
      size: Number(bytes.readBigUInt64LE(at + 32)),
      link: bytes.readUInt32LE(at + 40),
    };
  });
}
