import { gunzipSync, gzipSync } from "node:zlib";
import { execa } from "execa";
import { describe, expect, test } from "vitest";
import { NoSlurmSource, readTarball, sha256 } from "../src/index.ts";
import { versionIn } from "../src/tarball.ts";
import { meta, slurmTarball, tarball } from "./support/tarballs.ts";

const refused = (bytes: Buffer) =>
  readTarball(bytes).then(
    () => expect.fail("it was taken for a Slurm"),
    (error: unknown) => {
      expect(error).toBeInstanceOf(NoSlurmSource);
      return error as NoSlurmSource;
    },
  );

describe("META", () => {
  test("has the version, whatever stands around it", () => {
    expect(versionIn(meta("22.05.8"))).toBe("22.05.8");
  });

  test("has a release candidate's name in the version", () => {
    expect(versionIn(meta("25.11.0-0rc1"))).toBe("25.11.0-0rc1");
  });

  test("of something else has no version of Slurm", () => {
    expect(versionIn(meta("1.0", "munge"))).toBeUndefined();
  });
});

describe("a tarball of Slurm", () => {
  test("is read where it is packed by gzip", async () => {
    expect(await readTarball(await slurmTarball("22.05.8"))).toEqual({ version: "22.05.8" });
  });

  test.for(["bzip2", "xz"])("is read where it is packed by %s", async (packer, { skip }) => {
    const tar = gunzipSync(await slurmTarball("24.11.5"));
    const packed = await execa(packer, ["--stdout"], { input: tar, encoding: "buffer", reject: false });
    if (packed.exitCode !== 0) skip(`${packer} is not installed here`);
    expect(await readTarball(Buffer.from(packed.stdout))).toEqual({ version: "24.11.5" });
  });

  test("is read where its paths begin with ./", async () => {
    const bytes = await tarball({ "./slurm/META": meta("24.11.5"), "./slurm/configure": "" });
    expect(await readTarball(bytes)).toEqual({ version: "24.11.5" });
  });

  test("is told from one whose META lies deeper, which is not its own", async () => {
    const bytes = await tarball({ "slurm/contribs/META": meta("24.11.5"), "slurm/configure": "" });
    expect((await refused(bytes)).seen).toBe("slurm, without META");
  });
});

describe("what is no source of Slurm is refused with what it is:", () => {
  test("an error page of a server", async () => {
    expect(await refused(Buffer.from("<!DOCTYPE html><html><body>not here</body></html>"))).toMatchObject({
      expected: "a .tar.bz2, .tar.gz or .tar.xz",
      seen: 'text that begins with "<!DOCTYPE html><html><body>not here</bod"',
    });
  });

  test("an empty file", async () => {
    expect((await refused(Buffer.alloc(0))).seen).toBe("an empty file");
  });

  test("bytes that nothing unpacks", async () => {
    expect((await refused(Buffer.from([0, 1, 2, 3, 4, 5, 6]))).seen).toBe(
      "7 bytes that begin with 000102030405",
    );
  });

  test("a file that is cut off", async () => {
    const bytes = await slurmTarball("22.05.8");
    expect(await refused(bytes.subarray(0, bytes.length - 20))).toMatchObject({
      expected: "a whole gzip file",
    });
  });

  test("something else that is packed", async () => {
    expect(await refused(gzipSync("x".repeat(2_000)))).toMatchObject({
      expected: "a tar archive",
      seen: "gzip of something else",
    });
  });

  test("another program's source", async () => {
    const bytes = await tarball({ "munge-1/META": meta("1", "munge"), "munge-1/configure": "" });
    expect((await refused(bytes)).seen).toBe("munge-1, META of munge");
  });

  test("Slurm's without configure, as a bare checkout of something might be", async () => {
    expect((await refused(await tarball({ "slurm/META": meta("22.05.8") }))).seen).toBe(
      "slurm, without configure",
    );
  });
});

test("a sum is what sha256sum prints", () => {
  expect(sha256(Buffer.from("abc"))).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
});
