/**
 * Slurm's hostlist expressions: `c[1-3,7],login` and zero padding (`n[08-11]`).
 *
 * The reference is `scontrol show hostnames` and `scontrol show hostlist`.
 */

/** Never expand to more than this: a misplaced digit must not eat the memory. Slurm's own MAX_RANGE is 64k. */
const MAX_HOSTS = 65_536;

export class HostlistError extends Error {
  override name = "HostlistError";
}

/** Every name of the expression, in the order written, repeats kept. Throws {@link HostlistError} with the place. */
export function expandHostlist(expression: string): string[] {
  const names: string[] = [];
  for (const part of splitOutsideBrackets(expression)) {
    names.push(...expandPart(part));
    if (names.length > MAX_HOSTS) throw new HostlistError(`more than ${MAX_HOSTS} hosts in "${expression}"`);
  }
  return names;
}

function splitOutsideBrackets(expression: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i < expression.length; i++) {
    const char = expression[i];
    if (char === "[") depth++;
    if (char === "]") depth--;
    if (depth < 0) throw new HostlistError(`"]" without "[" at character ${i + 1} of "${expression}"`);
    if (depth > 1) throw new HostlistError(`"[" inside "[" at character ${i + 1} of "${expression}"`);
    if (char === "," && depth === 0) {
      parts.push(expression.slice(start, i));
      start = i + 1;
    }
  }
  if (depth > 0) throw new HostlistError(`"[" is never closed in "${expression}"`);
  parts.push(expression.slice(start));
  const names = parts.map((part) => part.trim());
  if (names.some((name) => name === "")) throw new HostlistError(`an empty name in "${expression}"`);
  return names;
}

function expandPart(part: string): string[] {
  const open = part.indexOf("[");
  if (open < 0) return [part];
  const close = part.indexOf("]", open);
  const prefix = part.slice(0, open);
  const numbers = part
    .slice(open + 1, close)
    .split(",")
    .flatMap((range) => expandRange(range, part));
  const rests = expandPart(part.slice(close + 1));
  if (numbers.length * rests.length > MAX_HOSTS)
    throw new HostlistError(`more than ${MAX_HOSTS} hosts in "${part}"`);
  return numbers.flatMap((number) => rests.map((rest) => `${prefix}${number}${rest}`));
}

function expandRange(range: string, part: string): string[] {
  const match = /^(\d+)(?:-(\d+))?$/.exec(range);
  if (!match) throw new HostlistError(`"${range}" in "${part}" is neither a number nor a range like 1-4`);
  const from = match[1] ?? "";
  const to = match[2] ?? from;
  if (Number(to) < Number(from)) throw new HostlistError(`the range ${range} in "${part}" runs backwards`);
  if (Number(to) - Number(from) >= MAX_HOSTS)
    throw new HostlistError(`more than ${MAX_HOSTS} hosts in "${part}"`);
  const names: string[] = [];
  for (let n = Number(from); n <= Number(to); n++) names.push(String(n).padStart(from.length, "0"));
  return names;
}

/** The shortest expression over trailing numbers: `["c1","c2","c3","db"]` gives `c[1-3],db`. Order is kept. */
export function compressHostlist(names: readonly string[]): string {
  const parts: string[] = [];
  for (let i = 0; i < names.length; ) {
    const head = splitNumber(names[i] ?? "");
    let j = i + 1;
    const numbers = [head.digits];
    while (head.digits !== "" && j < names.length) {
      const next = splitNumber(names[j] ?? "");
      if (next.prefix !== head.prefix || next.digits === "" || !sameWidth(head.digits, next.digits)) break;
      numbers.push(next.digits);
      j++;
    }
    parts.push(numbers.length === 1 ? (names[i] ?? "") : `${head.prefix}[${ranges(numbers)}]`);
    i = j;
  }
  return parts.join(",");
}

function splitNumber(name: string): { prefix: string; digits: string } {
  const digits = /\d+$/.exec(name)?.[0] ?? "";
  return { prefix: name.slice(0, name.length - digits.length), digits };
}

/** `9` and `10` may share a bracket, `09` and `010` may not: padding would be lost. */
function sameWidth(a: string, b: string): boolean {
  return a.length === b.length || !(a.startsWith("0") || b.startsWith("0"));
}

function ranges(numbers: readonly string[]): string {
  const out: string[] = [];
  for (let i = 0; i < numbers.length; ) {
    let j = i;
    while (j + 1 < numbers.length && Number(numbers[j + 1]) === Number(numbers[j]) + 1) j++;
    out.push(i === j ? (numbers[i] ?? "") : `${numbers[i]}-${numbers[j]}`);
    i = j + 1;
  }
  return out.join(",");
}
