import { freeDiskMb } from "../../engine/free-disk.ts";
import { LabError } from "../../errors/lab-error.ts";

/** What one release's images and the layers that are made on the way take, with room to spare. */
const NEEDED_MB = 3000;

/** Broken, with both figures, when there is too little room: a disk that fills up in the middle names everything but that. */
export function checkDisk(folder: string, free = freeDiskMb(folder)): void {
  if (free === undefined || free >= NEEDED_MB) return;
  throw new LabError({
    kind: "broken",
    message: "there is too little room to build images",
    expected: `${gigabytes(NEEDED_MB)} free`,
    seen: gigabytes(free),
    where: folder,
    hint: "pnpm images prune removes what no release needs any more",
  });
}

function gigabytes(mb: number): string {
  return `${(mb / 1000).toFixed(1)} GB`;
}
