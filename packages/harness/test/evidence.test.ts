import { describe, expect, test } from "vitest";
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
