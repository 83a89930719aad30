import { clipped } from "./clipped.ts";

/** Exit codes of every command. `skipped` is a pass with a reason. */
export const EXIT = { ok: 0, failed: 1, badInput: 2, broken: 3, interrupted: 130 } as const;

/** Kinds of error, one code each; the exit code follows from it. */
export type ErrorKind = "bad-input" | "no-engine" | "failed" | "broken" | "interrupted";

const EXIT_OF: Record<ErrorKind, number> = {
  "bad-input": EXIT.badInput,
  "no-engine": EXIT.broken,
  failed: EXIT.failed,
  broken: EXIT.broken,
  interrupted: EXIT.interrupted,
};

export interface LabErrorParts {
  readonly kind: ErrorKind;
  /** What happened, as one line. */
  readonly message: string;
  readonly expected?: string;
  readonly seen?: string;
  /** File and line, daemon, or command. */
  readonly where?: string;
  /** What to do next; several lines when there are several ways out. */
  readonly hint?: string;
  readonly cause?: unknown;
}

/** An error a person can act on: what was expected, what was seen, where, and what to do next. */
export class LabError extends Error {
  override name = "LabError";
  readonly kind: ErrorKind;
  readonly expected: string | undefined;
  readonly seen: string | undefined;
  readonly where: string | undefined;
  readonly hint: string | undefined;

  constructor(parts: LabErrorParts) {
    super(parts.message, { cause: parts.cause });
    this.kind = parts.kind;
    this.expected = parts.expected === undefined ? undefined : clipped(parts.expected);
    this.seen = parts.seen === undefined ? undefined : clipped(parts.seen);
    this.where = parts.where;
    this.hint = parts.hint;
  }

  /** What a report shows of it: everything but the cause. */
  get facts(): Omit<LabErrorParts, "cause"> {
    const { kind, message, expected, seen, where, hint } = this;
    return {
      kind,
      message,
      ...(expected ? { expected } : {}),
      ...(seen ? { seen } : {}),
      ...(where ? { where } : {}),
      ...(hint ? { hint } : {}),
    };
  }

  /** The same error as another kind, or with another place. */
  as(kind: ErrorKind, where = this.where): LabError {
    return new LabError({ ...this.facts, kind, cause: this.cause, ...(where ? { where } : {}) });
  }

  get exitCode(): number {
    return EXIT_OF[this.kind];
  }

  /** The whole error for a terminal; one fact a line. */
  format(): string {
    const lines = [this.message];
    const add = (label: string, text: string | undefined) => {
      if (text) lines.push(`  ${label.padEnd(9)}${text.trimEnd().replaceAll("\n", `\n${" ".repeat(11)}`)}`);
    };
    add("expected", this.expected);
    add("seen", this.seen);
    add("where", this.where);
    add("do", this.hint);
    return lines.join("\n");
  }
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
