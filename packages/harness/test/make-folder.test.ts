import { execFile } from "node:child_process";
import { existsSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const MODULE = join(import.meta.dirname, "../src/evidence/make-folder.ts");

test("a folder is made although the working folder has been removed", async () => {
  const cwd = mkdtempSync(join(tmpdir(), "removed-"));
  const program = `
    import { rmdirSync } from "node:fs";
    import { makeFolder } from ${JSON.stringify(MODULE)};
    rmdirSync(process.cwd());
    makeFolder("a/b");
  `;
  // As a process: it is the process that has a working folder.
  await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", program], {
    cwd,
    timeout: 10_000,
  });
  expect(existsSync(join(cwd, "a/b"))).toBe(true);
});
