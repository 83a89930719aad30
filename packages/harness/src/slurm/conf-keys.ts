/**
 * A configuration file with other values of some keys; null leaves a key out. Pure. A line is known by its first key,
 * which has no case in Slurm; new values are put at the end.
 */
export function withKeys(text: string, keys: Readonly<Record<string, string | null>>): string {
  const wanted = new Map(Object.entries(keys).map(([key, value]) => [key.toLowerCase(), { key, value }]));
  const kept = text
    .replace(/\n$/, "")
    .split("\n")
    .filter((line) => {
      const [, key = ""] = /^\s*([A-Za-z][A-Za-z0-9]*)\s*=/.exec(line) ?? [];
      return !wanted.has(key.toLowerCase());
    });
  const set = [...wanted.values()].flatMap(({ key, value }) => (value === null ? [] : [`${key}=${value}`]));
  return `${[...kept, ...set].join("\n")}\n`;
}
