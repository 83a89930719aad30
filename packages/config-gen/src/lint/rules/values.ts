import type { KeyType } from "../../knowledge/knowledge.ts";
import type { Problem } from "../../problem.ts";
import type { Said } from "../../read/conf-file.ts";
import { errorAt, type Subject } from "../rule.ts";
import { keyUses } from "../settings.ts";

/** Numbers, switches and their ranges: what Slurm's parser itself refuses (src/common/parse_value.c). */
export function* values(subject: Subject): Generator<Problem> {
  for (const use of keyUses(subject)) {
    const type = use.known?.type;
    if (type === undefined || type === "string" || type === "record") continue;
    for (const setting of use.where((said) => judge(said, type) !== undefined)) {
      const wrong = judge(setting, type);
      if (wrong) yield errorAt(setting, { code: "bad-value", ...wrong });
    }
  }
}

/** Largest value of each width. */
const MAX: Readonly<Record<string, bigint>> = {
  uint16: 0xffffn,
  uint32: 0xffff_ffffn,
  uint64: 0xffff_ffff_ffff_ffffn,
};

function judge(
  { key, value }: Said,
  type: KeyType,
): { message: string; hint: string; says: string } | undefined {
  if (type === "boolean") {
    if (/^(yes|no|up|down|true|false|1|0)$/i.test(value)) return undefined;
    return {
      message: `expected yes or no, seen "${value}"`,
      hint: `write ${key}=yes or ${key}=no`,
      says: `"${value}" is not a valid option for "${key}"`,
    };
  }
  if (/^(unlimited|infinite)$/i.test(value)) return undefined;
  if (type === "float" || type === "double" || type === "long-double") {
    if (/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(value)) return undefined;
    return {
      message: `expected a number, seen "${value}"`,
      hint: "digits, with a point if need be",
      says: `${key} value (${value}) is not a valid number`,
    };
  }
  const max = MAX[type];
  return type === "long" || max !== undefined ? judgeInteger(key, value, type, max) : undefined;
}

function judgeInteger(key: string, value: string, type: KeyType, max: bigint | undefined) {
  // strtoul with base 0: 0x.. is hexadecimal, 0.. octal; a k for 1024 is taken by the wide types only.
  const kilo = type === "uint32" || type === "uint64";
  const match = /^([-+]?)(0x[0-9a-f]+|0[0-7]*|[1-9]\d*)(k?)$/i.exec(value);
  if (!match || (match[3] && !kilo)) {
    const unit = /^\d+(\.\d+)?\s*([kmgtp]i?b?|s|sec|min|h|d|%)$/i.test(value);
    return {
      message: `expected a whole number, seen "${value}"`,
      hint: unit ? UNIT_HINT : "digits only",
      says: `${key} value ${type === "uint16" ? `"${value}"` : `(${value})`} is not a valid number`,
    };
  }
  if (max === undefined) return undefined;
  const [, sign, digits = "0"] = match;
  const number = BigInt(/^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits);
  if (sign === "-")
    return {
      message: `expected a number of at least 0, seen ${value}`,
      hint: "UNLIMITED or INFINITE means no limit",
      says: `${key} value (${value}) is less than zero`,
    };
  if (number <= max) return undefined;
  return {
    message: `expected at most ${max}, seen ${value}`,
    hint: "UNLIMITED or INFINITE means no limit",
    says: `${key} value (${value}) is greater than ${max}`,
  };
}

const UNIT_HINT = "without a unit: memory and disk are in MiB, timeouts in seconds";
