import { describe, expect, test } from "vitest";
import { findClues } from "../src/evidence/clues.ts";
import { maskSecrets } from "../src/evidence/mask.ts";

describe("masking", () => {
  test("hides a password and keeps the rest of the line's file", () => {
    expect(
      maskSecrets("etc/slurmdbd.conf", Buffer.from("StorageUser=slurm\nStoragePass=hunter2\nDbdHost=dbd\n")),
    ).toBe("StorageUser=slurm\nStoragePass=********\nDbdHost=dbd\n");
  });
  test("finds it in any case and with blanks", () => {
    expect(maskSecrets("x.conf", Buffer.from("  storagepass =hunter2"))).toBe("  storagepass =********");
  });
  test("leaves keys out altogether", () =>
    expect(maskSecrets("etc/jwt_hs256.key", Buffer.from("abc"))).toBeUndefined());
});

describe("clues", () => {
  const log = [
    "[2026-11-22T06:00:00.000] error: Munge decode failed: Invalid credential",
    "[2026-11-22T06:00:01.000] error: Munge decode failed: Invalid credential",
  ].join("\n");
  test("name a likely cause once, with the first line that showed it", () => {
    expect(findClues([log, log])).toEqual([expect.stringMatching(/different munge keys.*06:00:00/)]);
  });
  test("say nothing of a healthy log", () =>
    expect(findClues(["slurmd version 24.11.5 started\n"])).toEqual([]));
});
