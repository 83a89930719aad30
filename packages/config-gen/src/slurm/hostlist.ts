/**
 * Slurm's hostlist expressions: `c[1-3,7],login` and zero padding (`n[08-11]`).
 *
 * The reference is `scontrol show hostnames` and `scontrol show hostlist`.
 */

/** Never expand to more than this: a misplaced digit must not eat the memory. Slurm's own MAX_RANGE is 64k. */
const MAX_HOSTS = 65_536;

/** Every number of fewer digits is exact in JavaScript. */
const MAX_DIGITS = 15;

export class HostlistError extends Error {
  override name = "HostlistError";
}

/**
 * What has been expanded: reading, lint, import and plan of a site all go through the same few long lists. Begun anew
 * when it has four times the names that Slurm has room for.
 */
const expanded = new Map<string, readonly string[]>();
const MAX_KEPT = 4 * MAX_HOSTS;
let kept = 0;

/** Every name of the expression, in the order written, repeats kept. Throws {@link HostlistError} with the place. */
export function expandHostlist(expression: string): string[] {
  if (ONE_NAME.test(expression)) return [expression];
  const before = expanded.get(expression);
  // A copy: what callers do with theirs is their own affair. The names themselves are shared.
  if (before) return before.slice();
  const names = expandParts(expression);
  if (kept + names.length > MAX_KEPT) {
    expanded.clear();
    kept = 0;
  }
  expanded.set(expression, names);
  kept += names.length;
  return names.slice();
}

const ONE_NAME = /^[^[\],\s]+$/;

function expandParts(expression: string): string[] {
  const names: string[] = [];
  for (const part of splitOutsideBrackets(expression)) {
    for (const name of expandPart(part)) names.push(name);
    if (names.length > MAX_HOSTS) throw tooMany(expression);
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
    if (depth < 0)
      throw new HostlistError(`"]" without "[" at character ${i + 1} of "${shorten(expression)}"`);
    if (depth > 1)
      throw new HostlistError(`"[" inside "[" at character ${i + 1} of "${shorten(expression)}"`);
    if (char === "," && depth === 0) {
      parts.push(expression.slice(start, i));
      start = i + 1;
    }
  }
  if (depth > 0) throw new HostlistError(`"[" is never closed in "${shorten(expression)}"`);
  parts.push(expression.slice(start));
  // Slurm takes `a,,b` and `a,` for what they would be without the comma.
  const names = parts.map((part) => part.trim()).filter((name) => name !== "");
  if (names.length === 0) throw new HostlistError(`no name in "${shorten(expression)}"`);
  return names;
}

/** One comma-free part, `c[1-3]-r[0-1]`: the product of its brackets, the last one running fastest. */
function expandPart(part: string): string[] {
  let names = [""];
  for (const [, text = "", bracket] of part.matchAll(/([^[]*)(?:\[([^\]]*)\])?/g)) {
    if (text === "" && bracket === undefined) continue;
    const numbers = bracket === undefined ? [""] : expandBracket(bracket, part);
    if (names.length * numbers.length > MAX_HOSTS) throw tooMany(part);
    const longer: string[] = [];
    for (const name of names) for (const number of numbers) longer.push(name + text + number);
    names = longer;
  }
  return names;
}

function expandBracket(bracket: string, part: string): string[] {
  const numbers: string[] = [];
  for (const range of bracket.split(",")) {
    for (const number of expandRange(range, part)) numbers.push(number);
    if (numbers.length > MAX_HOSTS) throw tooMany(part);
  }
  return numbers;
}

function expandRange(range: string, part: string): string[] {
  const match = /^(\d+)(?:-(\d+))?$/.exec(range);
  if (!match)
    throw new HostlistError(
      `"${shorten(range)}" in "${shorten(part)}" is neither a number nor a range like 1-4`,
    );
  const from = match[1] ?? "";
  const to = match[2] ?? from;
  if (Math.max(from.length, to.length) > MAX_DIGITS) {
    throw new HostlistError(`a number in "${shorten(part)}" has more than ${MAX_DIGITS} digits`);
  }
  const [first, last] = [Number(from), Number(to)];
  if (last < first) throw new HostlistError(`the range ${range} in "${shorten(part)}" runs backwards`);
  if (last - first >= MAX_HOSTS) throw tooMany(part);
  const numbers: string[] = [];
  for (let number = first; number <= last; number++) numbers.push(String(number).padStart(from.length, "0"));
  return numbers;
}

function tooMany(expression: string): HostlistError {
  return new HostlistError(`more than ${MAX_HOSTS} hosts in "${shorten(expression)}"`);
}

/** An expression as it stands in a message: nobody reads a thousand characters of it. */
function shorten(text: string): string {
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

/** The shortest expression over trailing numbers: `["c1","c2","c3","db"]` gives `c[1-3],db`. Order is kept. */
export function compressHostlist(names: readonly string[]): string {
  const parts: string[] = [];
  for (let i = 0; i < names.length; ) {
    const head = splitNumber(names[i] ?? "");
    const numbers = [head.digits];
    const widths = new Widths(head.digits);
    for (let next = splitNumber(names[i + 1] ?? ""); ; next = splitNumber(names[i + numbers.length] ?? "")) {
      const joins = head.digits !== "" && next.digits !== "" && next.prefix === head.prefix;
      if (!joins || i + numbers.length >= names.length || !widths.take(next.digits)) break;
      numbers.push(next.digits);
    }
    parts.push(numbers.length === 1 ? (names[i] ?? "") : `${head.prefix}[${ranges(numbers)}]`);
    i += numbers.length;
  }
  return parts.join(",");
}

function splitNumber(name: string): { prefix: string; digits: string } {
  const digits = /\d+$/.exec(name)?.[0] ?? "";
  return digits.length > MAX_DIGITS
    ? { prefix: name, digits: "" }
    : { prefix: name.slice(0, name.length - digits.length), digits };
}

/** Which numbers may share a bracket: those of one width, and unpadded ones of any; in `[9,010]` padding would be lost. */
class Widths {
  readonly #width: number;
  #padded: boolean;
  #mixed = false;

  constructor(first: string) {
    this.#width = first.length;
    this.#padded = isPadded(first);
  }

  /** Whether the next number may join the others; it has joined when it may. */
  take(digits: string): boolean {
    const mixed = this.#mixed || digits.length !== this.#width;
    const padded = this.#padded || isPadded(digits);
    if (mixed && padded) return false;
    this.#mixed = mixed;
    this.#padded = padded;
    return true;
  }
}

function isPadded(digits: string): boolean {
  return digits.length > 1 && digits.startsWith("0");
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
