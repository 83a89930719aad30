import { nearest } from "@slurmlab/config-gen";
import type { Engine } from "../engine/engine.ts";
import { LabError } from "../errors/lab-error.ts";
import { readRecord, SNAPSHOT_PATHS, type Snapshot, snapshotName, snapshotTag } from "./record.ts";

/** A snapshot as a list shows it. */
export interface StoredSnapshot {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** As ISO 8601. */
  readonly created: string;
}

/** Every snapshot in the engine, oldest first. */
export async function listSnapshots(engine: Pick<Engine, "listImages">): Promise<StoredSnapshot[]> {
  const images = await engine.listImages();
  return images
    .flatMap(({ tags, size, created }) =>
      tags
        .map(snapshotName)
        .filter((name) => name !== undefined)
        .map((name) => ({ name, size, created: new Date(created * 1000).toISOString() })),
    )
    .sort((a, b) => a.created.localeCompare(b.created) || a.name.localeCompare(b.name));
}

/** The snapshot of this name, its record read. Bad input when there is none. */
export async function findSnapshot(engine: Engine, name: string): Promise<Snapshot> {
  const tag = snapshotTag(name);
  if (!(await engine.hasImage(tag))) throw noSnapshot(name, await listSnapshots(engine));
  const content = await engine.readImageFile(tag, SNAPSHOT_PATHS.record);
  return { tag, record: readRecord(content?.toString("utf8") ?? "", tag) };
}

function noSnapshot(name: string, stored: readonly StoredSnapshot[]): LabError {
  const names = stored.map((each) => each.name);
  const near = nearest(name, names);
  return new LabError({
    kind: "bad-input",
    message: `there is no snapshot "${name}"`,
    expected: names.join(", ") || "there are none",
    hint: near ? `did you mean "${near}"?` : "take one: pnpm cluster snapshot NAME",
  });
}
