import { MORE_KEYS } from "../spec/values.ts";
import { type ConfigValue, configValue, escaped } from "./text.ts";

/** What a specification says of a key: a value, several lines of it, or that it is to be left out. */
export type Overrides = Readonly<Record<string, string | number | null | readonly string[]>>;

interface Line {
  readonly key: string;
  readonly value: string;
  readonly why: string | undefined;
}

/**
 * Collects `Key=Value` lines with their reasons, applies overrides, renders.
 *
 * Slurm's keys are not case-sensitive, so an override replaces the generated line whatever its case.
 */
export class ConfigWriter {
  readonly #blocks: Array<{ title: string; lines: Line[]; raw: string[] }> = [];

  /** Starts a block with a title that becomes a comment; one without any line in it is left out. */
  block(title: string): this {
    this.#blocks.push({ title, lines: [], raw: [] });
    return this;
  }

  /** Adds `key=value`; `why` becomes a comment above it. Booleans are written yes and no. */
  set(key: string, value: ConfigValue, why?: string): this {
    this.#last().lines.push({ key, value: configValue(value), why });
    return this;
  }

  /** Adds a whole line that overrides do not touch, such as a NodeName definition. */
  raw(line: string): this {
    this.#last().raw.push(line);
    return this;
  }

  /** An override of null leaves the key out, and a list repeats it; a key that is generated several times is replaced once. */
  render(overrides: Overrides = {}): string {
    const said = new Map(Object.entries(overrides).map(([key, value]) => [key.toLowerCase(), value]));
    const used = new Set<string>();
    const out: string[] = [];
    for (const [i, { title, lines, raw }] of this.#blocks.entries()) {
      const body = lines.flatMap(({ key, value, why }) => {
        const name = key.toLowerCase();
        const override = said.get(name);
        if (override === undefined) return [...(why ? [`# ${why}`] : []), `${key}=${value}`];
        if (used.has(name)) return [];
        used.add(name);
        return linesOf(key, override);
      });
      // The first block's title is the file's own.
      if (i > 0 && body.length === 0 && raw.length === 0) continue;
      out.push(...(out.length > 0 ? [""] : []), `# ${title}`, ...body);
      for (const line of raw) out.push(line);
    }
    const added = Object.entries(overrides)
      .filter(([key]) => !used.has(key.toLowerCase()))
      .flatMap(([key, value]) => linesOf(key, value));
    if (added.length > 0) out.push("", "# From the specification's overrides", ...added);
    return `${out.join("\n")}\n`;
  }

  #last() {
    const last = this.#blocks.at(-1);
    if (!last) throw new Error("block() comes first");
    return last;
  }
}

/** What an override becomes: no line, one, or one for each value. */
export function linesOf(key: string, value: Overrides[string]): string[] {
  if (value === null) return [];
  const values = typeof value === "object" ? value : [value];
  return values.map(
    (one) =>
      `${key}=${RECORDS.test(key) && typeof one === "string" && MORE_KEYS.test(one) ? escaped(one) : configValue(one)}`,
  );
}

/** Keys of slurm.conf that start a record, and that no field of a specification has: more keys follow on the line. */
const RECORDS = /^(FrontendName|PowerAction)$/i;
