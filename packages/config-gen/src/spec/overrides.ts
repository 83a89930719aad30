import type { ClusterSpec } from "./schema.ts";

type Files = ClusterSpec["overrides"];

/** What a key of a Slurm file can be overridden with. */
export type Override = string | number | null | readonly string[];

/**
 * What the specification says of a key, whatever its case: Slurm's keys have none. Undefined when it says nothing,
 * null when the key is to be left out.
 */
export function overrideOf(
  { overrides }: { readonly overrides: Files },
  file: keyof Files,
  key: string,
): Override | undefined {
  const found = Object.entries(overrides[file] ?? {}).findLast(
    ([name]) => name.toLowerCase() === key.toLowerCase(),
  );
  return found?.[1];
}

/** The same as text; undefined also when the key is to be left out. */
export function overrideText(
  spec: { readonly overrides: Files },
  file: keyof Files,
  key: string,
): string | undefined {
  const value = overrideOf(spec, file, key);
  if (value === undefined || value === null) return undefined;
  return typeof value === "object" ? value.join(",") : String(value);
}

/**
 * Whether slurmdbd has a part in the cluster. A lab always has it; an imported site when its files or the
 * specification speak of it.
 */
export function hasAccounting(
  spec: Pick<ClusterSpec, "defaults" | "overrides" | "accounts" | "users" | "qos">,
): boolean {
  if (spec.defaults === "lab") return true;
  const type = overrideText(spec, "slurm.conf", "AccountingStorageType") ?? "";
  const said = Object.keys(spec.overrides["slurmdbd.conf"] ?? {}).length > 0;
  return /slurmdbd/i.test(type) || said || spec.accounts.length > 0 || spec.qos.length > 0;
}
