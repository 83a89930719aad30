import type { Place } from "../problem.ts";

/** Something an import did that the site's files do not say: kept, left out, moved, replaced. Always told. */
export interface Note {
  readonly kind: "kept" | "left-out" | "moved" | "replaced" | "added" | "scaled";
  /** What: a key, a file, some nodes. */
  readonly what: string;
  readonly why: string;
  readonly place?: Place;
}

/** `slurm.conf:4:1: left out BurstBufferType: ...`. */
export function formatNote({ kind, what, why, place }: Note): string {
  const where = place ? `${place.file}:${place.line}:${place.column}: ` : "";
  return `${where}${kind.replace("-", " ")} ${what}: ${why}`;
}
