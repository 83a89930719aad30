import { expect, test } from "vitest";
import { spdxDocument } from "../src/sbom.ts";

const subject = {
  tag: "slurmlab/slurmd:24.11-0123456789ab",
  id: "sha256:00",
  distribution: "debian",
  distributionVersion: "13",
  created: new Date("2026-11-24T12:00:00.500Z"),
  packages: [
    { name: "libstdc++6", version: "1:14.2.0-19", architecture: "amd64", source: "gcc-14" },
    { name: "adduser", version: "3.152", architecture: "all", source: "adduser" },
  ],
};
const document = spdxDocument(subject, "0.1.0");

test("a document describes the image, which contains every package", () => {
  const [described, ...contained] = document.relationships;
  expect(described).toMatchObject({ relationshipType: "DESCRIBES", relatedSpdxElement: "SPDXRef-image" });
  expect(contained.map((each) => each.relatedSpdxElement)).toEqual(
    document.packages.slice(1).map((each) => each.SPDXID),
  );
});

test("references have only the signs that SPDX allows, and are all different", () => {
  const references = document.packages.map((each) => each.SPDXID);
  expect(references.filter((reference) => !/^SPDXRef-[A-Za-z0-9.-]+$/.test(reference))).toEqual([]);
  expect(new Set(references).size).toBe(references.length);
});

test("a package has its package URL, with the signs of versions and names escaped", () => {
  expect(document.packages[1]).toMatchObject({
    externalRefs: [
      { referenceLocator: "pkg:deb/debian/libstdc%2B%2B6@1%3A14.2.0-19?arch=amd64&distro=debian-13" },
    ],
  });
});

test("a time has no fraction of a second, as SPDX wants it", () => {
  expect(document.creationInfo.created).toBe("2026-11-24T12:00:00Z");
});

test("the same image gives the same document, and another image another name space", () => {
  expect(spdxDocument(subject, "0.1.0")).toEqual(document);
  expect(spdxDocument({ ...subject, id: "sha256:01" }, "0.1.0").documentNamespace).not.toBe(
    document.documentNamespace,
  );
});

test("a Slurm that was compiled, which no package has, is contained with its version and its tarball's sum", () => {
  const compiled = { version: "22.05.8", file: "slurm-22.05.8.tar.bz2", sha256: "ab".repeat(32) };
  const { packages, relationships } = spdxDocument({ ...subject, compiled }, "0.1.0");
  const slurm = packages.find(({ name }) => name === "slurm");
  expect(slurm).toMatchObject({
    versionInfo: "22.05.8",
    checksums: [{ algorithm: "SHA256", checksumValue: compiled.sha256 }],
    externalRefs: [{ referenceLocator: `pkg:generic/slurm@22.05.8?checksum=sha256:${compiled.sha256}` }],
  });
  expect(relationships.map((each) => each.relatedSpdxElement)).toContain(slurm?.SPDXID);
});

test("a Slurm from packages is among them, and not named twice", () => {
  expect(document.packages.map(({ name }) => name)).not.toContain("slurm");
});
