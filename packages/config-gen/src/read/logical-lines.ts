/**
 * One line as Slurm's parser sees it: continuations joined, comments cut off, escapes taken out.
 *
 * The rules are those of `_get_next_line` in src/common/parse_config.c, the same from 20.11 to 26.05.
 */
export interface LogicalLine {
  readonly text: string;
  /** One-based number of its first physical line: the one that the daemon names in its messages. */
  readonly line: number;
  /** Where a character of `text` stands in the file. */
  placeAt(offset: number): { readonly line: number; readonly column: number };
}

/** From `offset` on, text stands at this line and column (both one-based). */
interface Segment {
  readonly offset: number;
  readonly line: number;
  readonly column: number;
}

/** Every line that is not empty to Slurm. */
export function* logicalLines(content: string): Generator<LogicalLine> {
  let start = 0;
  let number = 1;
  while (start < content.length) {
    const first = number;
    const pieces: Array<{ text: string; line: number }> = [];
    for (let joined = true; joined && start < content.length; number++) {
      const newline = content.indexOf("\n", start);
      const end = newline < 0 ? content.length : newline;
      const line = withoutComment(withoutNul(content.slice(start, end)));
      start = end + 1;
      // The usual line, one that is written on one line without a backslash, needs no map of places.
      if (pieces.length === 0 && !line.includes("\\")) {
        joined = false;
        if (!isBlank(line)) yield new UnbrokenLine(line, number);
        continue;
      }
      const kept = beforeContinuation(line);
      joined = kept !== undefined;
      pieces.push({ text: kept ?? line, line: number });
    }
    if (pieces.length === 0) continue;
    const joinedUp = withoutEscapes(pieces);
    if (!isBlank(joinedUp.text)) yield { ...joinedUp, line: first };
  }
}

class UnbrokenLine implements LogicalLine {
  readonly text: string;
  readonly line: number;

  constructor(text: string, line: number) {
    this.text = text;
    this.line = line;
  }

  placeAt(offset: number): { line: number; column: number } {
    return { line: this.line, column: offset + 1 };
  }
}

/** C's isspace() in the C locale, which knows no wider Unicode. */
export const SPACE = " \\t\\n\\v\\f\\r";

const BLANK = new RegExp(`^[${SPACE}]*$`);

/** Whether C would call every character a space. */
export function isBlank(text: string): boolean {
  return BLANK.test(text);
}

/** A C string ends at its first NUL. */
function withoutNul(line: string): string {
  const nul = line.indexOf("\0");
  return nul < 0 ? line : line.slice(0, nul);
}

/** Everything from the first `#` that no odd number of backslashes stands before; quotes do not protect it. */
function withoutComment(line: string): string {
  for (let hash = line.indexOf("#"); hash >= 0; hash = line.indexOf("#", hash + 1)) {
    if (backslashesBefore(line, hash) % 2 === 0) return line.slice(0, hash);
  }
  return line;
}

/** The line without its trailing backslash, if an odd number of them ends it (white space after them does not count). */
function beforeContinuation(line: string): string | undefined {
  const trimmed = trimmedEnd(line);
  const count = backslashesBefore(trimmed, trimmed.length);
  return count % 2 === 1 ? trimmed.slice(0, -1) : undefined;
}

/** Without the white space at its end. A pattern would look anew from each blank of a line that has millions. */
export function trimmedEnd(line: string): string {
  let end = line.length;
  while (end > 0 && BLANKS.includes(line[end - 1] ?? "")) end--;
  return line.slice(0, end);
}

const BLANKS = " \t\n\v\f\r";

function backslashesBefore(line: string, end: number): number {
  let count = 0;
  while (count < end && line[end - 1 - count] === "\\") count++;
  return count;
}

function withoutEscapes(
  pieces: ReadonlyArray<{ text: string; line: number }>,
): Pick<LogicalLine, "text" | "placeAt"> {
  let text = "";
  const segments: Segment[] = [];
  for (const piece of pieces) {
    segments.push({ offset: text.length, line: piece.line, column: 1 });
    let from = 0;
    for (let slash = piece.text.indexOf("\\"); slash >= 0; slash = piece.text.indexOf("\\", slash + 2)) {
      text += piece.text.slice(from, slash);
      from = slash + 1;
      segments.push({ offset: text.length, line: piece.line, column: from + 1 });
    }
    text += piece.text.slice(from);
  }
  const placeAt = (offset: number) => {
    // The last one that starts no later: there may be a million of them.
    let [low, high] = [0, segments.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((segments[middle]?.offset ?? 0) <= offset) low = middle;
      else high = middle;
    }
    const segment = segments[low] ?? { offset: 0, line: 1, column: 1 };
    return { line: segment.line, column: segment.column + offset - segment.offset };
  };
  return { text, placeAt };
}
