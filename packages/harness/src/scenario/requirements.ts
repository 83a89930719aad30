import { compareVersions, parseVersion } from "@slurmlab/config-gen";
import { z } from "zod";

/** What a scenario needs of the machine and of Slurm; where it is not met, the scenario is skipped. */
export interface Requirements {
  readonly slurm?: VersionRange | undefined;
  readonly cgroup?: CgroupWish | undefined;
  /** Nodes can mount NFS; looked at where the cluster's storage is another one than a volume. */
  readonly nfs?: true | undefined;
}

const CGROUP_WISHES = ["v1", "v2", "any"] as const;
type CgroupWish = (typeof CGROUP_WISHES)[number];

const COMPARISONS: Readonly<Record<string, (order: number) => boolean>> = {
  ">=": (order) => order >= 0,
  ">": (order) => order > 0,
  "<=": (order) => order <= 0,
  "<": (order) => order < 0,
  "=": (order) => order === 0,
};

/** Comparisons that all have to hold: `>= 22.05, < 26.05`. */
export interface VersionRange {
  /** As it was written. */
  readonly text: string;
  readonly parts: ReadonlyArray<{ readonly comparison: string; readonly version: string }>;
}

/** Reads `>= 22.05` or `>= 22.05, < 26.05`; undefined when it is neither. */
export function parseVersionRange(text: string): VersionRange | undefined {
  const parts = text.split(",").map((part) => {
    const [, comparison = "=", version = ""] =
      /^\s*(>=|<=|>|<|=)?\s*(\d\d\.\d\d(?:\.\d+)?)\s*$/.exec(part) ?? [];
    return { comparison, version };
  });
  return parts.every(({ version }) => version !== "") ? { text: text.trim(), parts } : undefined;
}

/**
 * Whether a version lies in the range. A bound without a patch level means the release, whatever its patch level:
 * 24.11.5 is `<= 24.11`.
 */
export function inRange(version: string, range: VersionRange): boolean {
  const own = parseVersion(version);
  if (!own) return false;
  return range.parts.every(({ comparison, version: bound }) => {
    const other = parseVersion(bound);
    if (!other) return false;
    const { patch, ...release } = own;
    const compared = other.patch === undefined || patch === undefined ? release : own;
    return COMPARISONS[comparison]?.(compareVersions(compared, other)) ?? false;
  });
}

const versionRange = z.string().transform((text, context) => {
  const range = parseVersionRange(text);
  if (range) return range;
  context.addIssue({
    code: "custom",
    message: `expected comparisons with Slurm releases such as ">= 22.05", seen "${text}"`,
  });
  return z.NEVER;
});

export const requirementsSchema = z.strictObject({
  slurm: versionRange.optional().meta({ description: 'Slurm releases: ">= 22.05", ">= 22.05, < 26.05"' }),
  cgroup: z
    .enum(CGROUP_WISHES)
    .optional()
    .meta({ description: "what confines jobs on the machine; any: v1 or v2, whichever there is" }),
  nfs: z.literal(true).optional().meta({ description: "nodes can mount NFS, for storage: nfs" }),
});

/** Why a scenario cannot run on this Slurm, or undefined: known before anything is started. */
export function unmetBySlurm({ slurm }: Requirements, version: string): string | undefined {
  if (!slurm || inRange(version, slurm)) return undefined;
  return `the scenario requires Slurm ${slurm.text}, and this is ${version}`;
}

/** Why it cannot run on this machine, or undefined: known once the engine has been asked, before any node is made. */
export function unmetByMachine(
  { cgroup, nfs }: Requirements,
  facts: { readonly cgroup: string; readonly cgroupWhy?: string; readonly noNfs?: string },
): string | undefined {
  if (nfs && facts.noNfs !== undefined)
    return `the scenario requires NFS, and no node can mount it: ${facts.noNfs}`;
  if (!cgroup || facts.cgroup === cgroup || (cgroup === "any" && facts.cgroup !== "none")) return undefined;
  const why = facts.cgroupWhy ? `: ${facts.cgroupWhy}` : "";
  return `the scenario requires cgroup ${cgroup}, and here is ${facts.cgroup}${why}`;
}
