import { type Dirent, readdirSync } from "node:fs";
import { join } from "node:path";

/**
 * Everything below a folder that is no folder, links not followed. Node's own recursive listing (26.10) goes through links to
 * folders: out of the folder, and two links to `.` are a tree of forty levels.
 */
export function entriesBelow(folder: string): Dirent[] {
  const found: Dirent[] = [];
  const folders = [folder];
  for (let next = folders.pop(); next !== undefined; next = folders.pop()) {
    for (const entry of readdirSync(next, { withFileTypes: true })) {
      if (entry.isDirectory()) folders.push(join(next, entry.name));
      else found.push(entry);
    }
  }
  return found;
}
