const WIDTH = 110;

/** JSON as the project's formatter leaves it: a list stays on one line where it fits. */
export function printJson(value: unknown): string {
  return `${print(value, 0, 0)}\n`;
}

function print(value: unknown, depth: number, used: number): string {
  const inner = "  ".repeat(depth + 1);
  const outer = "  ".repeat(depth);
  if (Array.isArray(value)) {
    const items = value.map((item) => print(item, depth + 1, 0));
    const line = `[${items.join(", ")}]`;
    // One more for the comma that may follow.
    if (used + line.length + 1 <= WIDTH || items.length === 0) return line;
    return `[\n${items.map((item) => inner + item).join(",\n")}\n${outer}]`;
  }
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const lines = Object.entries(value).map(([key, item]) => {
    const start = `${inner}${JSON.stringify(key)}: `;
    return start + print(item, depth + 1, start.length);
  });
  return lines.length === 0 ? "{}" : `{\n${lines.join(",\n")}\n${outer}}`;
}
