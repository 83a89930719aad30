import type { ConfLine } from "./conf-file.ts";

/** Whether a setting is a password or the like, which no import copies. */
export function isSecret(key: string): boolean {
  return /(pass|password|secret|token)$/i.test(key);
}

/** Lines without the secret ones, and the keys of those that were left out. */
export function withoutSecrets(lines: readonly ConfLine[]): { lines: ConfLine[]; left: string[] } {
  const secret = lines.filter((line) => isSecret(line.key));
  return {
    lines: lines.filter((line) => !isSecret(line.key)),
    left: [...new Set(secret.map((line) => line.key))],
  };
}
