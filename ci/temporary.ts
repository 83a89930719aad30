import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const OURS = "SLURMLAB_TEST_TMPDIR";

/**
 * What tests write goes into one folder of the run, which goes with it. A short name: sockets of an engine of a test's own have
 * paths in it, and a socket's path has at most 107 bytes.
 */
export default function setup(): () => void {
  // Each project has a setup; those of one run share the folder.
  if (process.env[OURS]) return () => {};
  const folder = mkdtempSync(join(tmpdir(), "slt-"));
  process.env[OURS] = folder;
  process.env.TMPDIR = folder;
  return () => {
    try {
      rmSync(folder, { recursive: true, force: true });
    } catch (error) {
      // As when an engine of a test that failed has something mounted there.
      console.error(`not all of ${folder} could be removed: ${String(error)}`);
    }
  };
}
