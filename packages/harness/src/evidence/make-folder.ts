import { mkdirSync } from "node:fs";
import { resolve } from "node:path";

/**
 * Makes a folder and those above it. Node (26.10) never returns from the recursive making of a relative folder when the
 * working folder has been removed: a run whose checkout was deleted would keep its cluster for good.
 */
export function makeFolder(path: string): void {
  mkdirSync(resolve(path), { recursive: true });
}
