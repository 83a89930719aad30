/** Values that a Slurm file can take. */
export type ConfigValue = string | number | boolean;

/**
 * A value as it stands in the file, with what is missing for Slurm to read all of it, and as one value: quotes around
 * white space or nothing at all, a backslash before `#`, which starts a comment even in quotes, and one after a
 * backslash that would join the next line. Booleans are yes and no.
 */
export function configValue(value: ConfigValue): string {
  if (typeof value === "boolean") return value ? "yes" : "no";
  const text = escaped(String(value));
  const quoted = text.length > 1 && text.startsWith('"') && text.endsWith('"');
  return !quoted && (text === "" || /\s/.test(text)) ? `"${text}"` : text;
}

/** With a backslash before each `#` that has none, and after one at the end that has none before it. */
export function escaped(text: string): string {
  if (!/[\\#]/.test(text)) return text;
  return text.replace(/(\\*)(#|$)/g, (whole, slashes: string, hash: string) => {
    const open = slashes.length % 2 === 0;
    if (hash === "#") return open ? `${slashes}\\#` : whole;
    return open ? whole : `${slashes}\\`;
  });
}

/** What Slurm reads in such a value: without its quotes and escapes. */
export function plainValue(text: string): string {
  const bare = /^"(.*)"$/.exec(text)?.[1] ?? text;
  return bare.replace(/\\(.)/g, "$1");
}

/** A key with its value; what is undefined or null is left out. */
export type Pair = readonly [key: string, value: ConfigValue | null | undefined];

/**
 * A line of several keys, such as a NodeName. One of `more` replaces the generated key where that stands, whatever
 * its case, since Slurm's keys have none; the others follow.
 */
export function recordLine(
  pairs: readonly Pair[],
  more: Readonly<Record<string, ConfigValue | null>> = {},
): string {
  const left = new Map(Object.entries(more).map((pair) => [pair[0].toLowerCase(), pair]));
  const all = pairs.map((pair): Pair => {
    const own = left.get(pair[0].toLowerCase());
    left.delete(pair[0].toLowerCase());
    return own ?? pair;
  });
  return [...all, ...left.values()]
    .flatMap(([key, value]) =>
      value === undefined || value === null ? [] : [`${key}=${configValue(value)}`],
    )
    .join(" ");
}
