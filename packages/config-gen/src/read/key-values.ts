import { isBlank, SPACE } from "./logical-lines.ts";

/** One `Key=Value` of a line. Offsets are into the line's text. */
export interface KeyValue {
  readonly key: string;
  /** `+`, `-`, `*` or `/` before the equals sign, or nothing. */
  readonly operator: string;
  /** Without its quotes. */
  readonly value: string;
  readonly keyAt: number;
  readonly valueAt: number;
  /** Where the next one would start. */
  readonly end: number;
}

/** The expression of `keyvalue_pattern` in src/common/parse_config.c. */
const PATTERN = new RegExp(
  `[${SPACE}]*([A-Za-z0-9_.]+)[${SPACE}]*([-*+/]?)=[${SPACE}]*(?:"([^"]*)"|([^${SPACE}]+))(?=[${SPACE}]|$)`,
  "y",
);

/** The `Key=Value` at this offset, or undefined: then Slurm calls what is left a parse error. */
export function keyValueAt(text: string, offset: number): KeyValue | undefined {
  PATTERN.lastIndex = offset;
  const match = PATTERN.exec(text);
  if (!match) return undefined;
  const [whole, key = "", operator = "", quoted, plain] = match;
  const end = offset + whole.length;
  const value = quoted ?? plain ?? "";
  return {
    key,
    operator,
    value,
    keyAt: text.indexOf(key, offset),
    valueAt: quoted === undefined ? end - value.length : end - value.length - 1,
    end,
  };
}

/** Every `Key=Value` of a text, and where what is no such thing starts, if there is any. */
export interface KeyValues {
  readonly pairs: readonly KeyValue[];
  readonly garbageAt?: number;
}

/** Every `Key=Value` from this offset on. */
export function keyValues(text: string, offset: number): KeyValues {
  const pairs: KeyValue[] = [];
  let at = offset;
  for (let pair = keyValueAt(text, at); pair; pair = keyValueAt(text, at)) {
    pairs.push(pair);
    at = pair.end;
  }
  return isBlank(text.slice(at)) ? { pairs } : { pairs, garbageAt: at };
}
