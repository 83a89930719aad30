import { existsSync, statfsSync } from "node:fs";

/** What is free where an engine keeps its data, in MB; undefined where that is on another machine. */
export function freeDiskMb(dataFolder: string): number | undefined {
  if (!existsSync(dataFolder)) return undefined;
  const { bavail, bsize } = statfsSync(dataFolder);
  return (bavail * bsize) / 1e6;
}
