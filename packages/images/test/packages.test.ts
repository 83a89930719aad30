import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { aptPreferences, formatLock, type ImageLock, parseLock, unmet } from "../src/lock.ts";
import { comparePackages, parseDpkgStatus } from "../src/packages.ts";
import { parseResolved, slurmVersion } from "../src/resolved.ts";

const STATUS = `Package: zlib1g
Status: install ok installed
Architecture: amd64
Source: zlib (1:1.3)
Version: 1:1.3.dfsg+really1.3.1-1+b1
Description: compression library
 with a second line

Package: gone
Status: deinstall ok config-files
Architecture: amd64
Version: 1

Package: adduser
Status: install ok installed
Architecture: all
Version: 3.152
`;

describe("dpkg's status file", () => {
  test("gives what is installed, in the order of the names, with the source it is from", () => {
    expect(parseDpkgStatus(STATUS)).toEqual([
      { name: "adduser", version: "3.152", architecture: "all", source: "adduser" },
      { name: "zlib1g", version: "1:1.3.dfsg+really1.3.1-1+b1", architecture: "amd64", source: "zlib" },
    ]);
  });

  test("of any text at all gives a list", () => {
    fc.assert(fc.property(fc.string(), (text) => Array.isArray(parseDpkgStatus(text))));
  });
});

test("a difference names what is new, what is gone and what has another version", () => {
  const before = new Map([
    ["a", "1"],
    ["b", "1"],
    ["c", "1"],
  ]);
  const after = new Map([
    ["b", "2"],
    ["c", "1"],
    ["d", "1"],
  ]);
  expect(comparePackages(before, after)).toEqual([
    { name: "a", before: "1" },
    { name: "b", before: "1", after: "2" },
    { name: "d", after: "1" },
  ]);
});

describe("a lock file", () => {
  const lock: ImageLock = {
    lock: 1,
    images: {
      "24.11": {
        version: "24.11.5",
        suite: "trixie",
        architecture: "amd64",
        mirrorDate: "Sat, 15 Nov 2026 08:00:00 UTC",
        packages: { slurmd: "24.11.5-4", munge: "0.5.16-1" },
      },
    },
  };
  const locked = lock.images["24.11"] as ImageLock["images"][string];

  test("is read as it was written", () => {
    expect(parseLock(formatLock(lock))).toEqual(lock);
  });

  test.each([
    ["", /^it is no JSON/],
    ["[]", /^the file: /],
    ['{"lock":2,"images":{}}', /^lock: /],
    ['{"lock":1,"images":{"24.11":{}}}', /^images\.24\.11\.version: /],
  ])("that is none, %j, says what is wrong", (text, message) => {
    expect(parseLock(text)).toEqual(expect.arrayContaining([expect.stringMatching(message)]));
  });

  test("of any text never throws", () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => parseLock(text) !== undefined));
  });

  test("holds every package at its version, down as well as up", () => {
    expect(aptPreferences(locked)).toBe(
      "Package: slurmd\nPin: version 24.11.5-4\nPin-Priority: 1001\n\nPackage: munge\nPin: version 0.5.16-1\nPin-Priority: 1001\n",
    );
  });

  test("is unmet by another version and by a package that it does not name", () => {
    const found = new Map([
      ["slurmd", "24.11.5-5"],
      ["munge", "0.5.16-1"],
      ["new", "1"],
    ]);
    expect(unmet(locked, found)).toEqual([
      "slurmd 24.11.5-4: the mirror has 24.11.5-5",
      "new 1, which is not in the lock file",
    ]);
  });
});

describe("what the mirror has", () => {
  const text =
    "mirror Sat, 15 Nov 2026 08:00:00 UTC\nchoose ?sackd sackd\npackage slurm-client 1:24.11.5-4+deb13u1\n";

  test("is a date and versions", () => {
    const { mirrorDate, packages } = parseResolved(text);
    expect({ mirrorDate, packages: [...packages] }).toEqual({
      mirrorDate: "Sat, 15 Nov 2026 08:00:00 UTC",
      packages: [["slurm-client", "1:24.11.5-4+deb13u1"]],
    });
  });

  test.each([
    ["1:24.11.5-4+deb13u1", "24.11.5"],
    ["26.05.5-1", "26.05.5"],
    ["24.11", undefined],
  ])("of %s, Slurm's own version is %s", (version, expected) => {
    expect(slurmVersion(parseResolved(`package slurm-client ${version}`))).toBe(expected);
  });
});
