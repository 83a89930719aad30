import { z } from "zod";
import { LabError } from "../errors/lab-error.ts";

/** Where a snapshot's image has what; the last part of a folder's name is the volume that is made of it. */
export const SNAPSHOT_PATHS = {
  record: "/snapshot.json",
  /** The database server's data folder. */
  database: "/database",
  /** slurmctld's StateSaveLocation. */
  state: "/state",
  home: "/home",
} as const;

/** The repository of all snapshots; the tag is the snapshot's name. */
const REPOSITORY = "slurmlab/snapshot";

export const snapshotTag = (name: string): string => `${REPOSITORY}:${name}`;

/** The snapshot's name in an image's tag; undefined for any other image. */
export function snapshotName(tag: string): string | undefined {
  return tag.startsWith(`${REPOSITORY}:`) ? tag.slice(REPOSITORY.length + 1) : undefined;
}

const recordSchema = z.strictObject({
  version: z.literal(1),
  name: z.string(),
  /** The cluster that it was taken of. */
  cluster: z.string(),
  created: z.iso.datetime(),
  /** Slurm's version there: `24.11`, or with its patch level one that was compiled. */
  slurm: z.string(),
  /** The specification, as somebody wrote it. */
  spec: z.unknown(),
  /** Each worker's state as scontrol had it: `IDLE`, `IDLE+DRAIN`. */
  nodes: z.record(z.string(), z.string()),
  /** Jobs in the queue, and rows of jobs in accounting. */
  jobs: z.strictObject({ queued: z.int(), accounted: z.int() }),
  /** Whether there is a database, so that a cluster of it has one to go on with. */
  database: z.boolean(),
});

/** What a snapshot says of itself. */
export type SnapshotRecord = Readonly<z.infer<typeof recordSchema>>;

/** A snapshot in an engine. */
export interface Snapshot {
  readonly tag: string;
  readonly record: SnapshotRecord;
}

export function writeRecord(record: SnapshotRecord): string {
  return `${JSON.stringify(record, null, 2)}\n`;
}

/** Reads what `writeRecord` wrote. Bad input when it is something else, such as a newer slurmlab's. */
export function readRecord(text: string, tag: string): SnapshotRecord {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    json = undefined;
  }
  const read = recordSchema.safeParse(json);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new LabError({
    kind: "bad-input",
    message: `the image ${tag} is no snapshot that this slurmlab can read`,
    expected: `${SNAPSHOT_PATHS.record} of version 1`,
    seen: json === undefined ? "no JSON" : `${issue?.path.join(".") || "it"}: ${issue?.message}`,
    hint: "a newer slurmlab may have made it",
  });
}

/** Bad input unless a tag of an image can be made of it. */
export function checkSnapshotName(name: string): void {
  if (/^[a-z0-9][a-z0-9._-]{0,62}$/.test(name)) return;
  throw new LabError({
    kind: "bad-input",
    message: `a snapshot cannot be called "${name}"`,
    expected:
      "letters in lower case, digits, dots, hyphens and underlines, a letter or digit first, 63 at most",
  });
}
