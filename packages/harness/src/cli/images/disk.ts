import { existsSync, statfsSync } from "node:fs";
import { LabError } from "../../errors/lab-error.ts";

/** What one release's images and the layers that are made on the way take, with room to spare. */
const NEEDED_BYTES = 3e9;

/** Broken, with both figures, when there is too little room: a disk that fills up in the middle names everything but that. */
export function checkDisk(folder: string, free = freeBytes(folder)): void {
  if (free === undefined || free >= NEEDED_BYTES) return;
  throw new LabError({
    kind: "broken",
    message: "there is too little room to build images",
    expected: `${gigabytes(NEEDED_BYTES)} free`,
    seen: gigabytes(free),
    where: folder,
    hint: "pnpm images prune removes what no release needs any more",
  });
}

/** Undefined where the folder is not on this machine, as an engine's on another one. */
function freeBytes(folder: string): number | undefined {
  if (!existsSync(folder)) return undefined;
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
