/** Values that a Slurm file can take. */
export type ConfigValue = string | number | boolean;

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

  /** Starts a block with a title that becomes a comment. */
  block(title: string): this {
    this.#blocks.push({ title, lines: [], raw: [] });
    return this;
  }

  /** Adds `key=value`; `why` becomes a comment above it. Booleans are written yes and no. */
  set(key: string, value: ConfigValue, why?: string): this {
    const text = typeof value === "boolean" ? (value ? "yes" : "no") : String(value);
    this.#last().lines.push({ key, value: text, why });
    return this;
  }

  /** Adds a whole line that overrides do not touch, such as a NodeName definition. */
  raw(line: string): this {
    this.#last().raw.push(line);
    return this;
  }

  /** An override of null leaves the key out. */
  render(overrides: Readonly<Record<string, ConfigValue | null>> = {}): string {
    const left = new Map(
      Object.entries(overrides).map(([key, value]) => [key.toLowerCase(), { key, value }]),
    );
    const out: string[] = [];
    for (const { title, lines, raw } of this.#blocks) {
      out.push(...(out.length > 0 ? [""] : []), `# ${title}`);
      for (const line of lines) {
        const override = left.get(line.key.toLowerCase());
        left.delete(line.key.toLowerCase());
        if (override?.value === null) continue;
        if (line.why && !override) out.push(`# ${line.why}`);
        out.push(`${line.key}=${override ? override.value : line.value}`);
      }
      out.push(...raw);
    }
    const added = [...left.values()].filter(({ value }) => value !== null);
    if (added.length > 0) {
      out.push(
        "",
        "# From the specification's overrides",
        ...added.map(({ key, value }) => `${key}=${value}`),
      );
    }
    return `${out.join("\n")}\n`;
  }

  #last() {
    const last = this.#blocks.at(-1);
    if (!last) throw new Error("block() comes first");
    return last;
  }
}
