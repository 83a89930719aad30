import { createHash } from "node:crypto";
import type { InstalledPackage } from "./packages.ts";

/** What an SPDX document is made of. */
export interface SbomSubject {
  /** `slurmlab/slurmd:24.11-0123456789ab`. */
  readonly tag: string;
  /** The engine's id of the image, `sha256:...`. */
  readonly id: string;
  /** `debian`, `ubuntu`: as in /etc/os-release. */
  readonly distribution: string;
  /** `13`: VERSION_ID of /etc/os-release; empty in a suite that has none yet. */
  readonly distributionVersion: string;
  /** When the image was made. */
  readonly created: Date;
  readonly packages: readonly InstalledPackage[];
  /** A Slurm that was compiled, which no package has. */
  readonly compiled?: { readonly version: string; readonly file: string; readonly sha256: string };
}

/**
 * An SPDX 2.3 document (ISO/IEC 5962) of an image's packages. Licences are NOASSERTION: images have no documentation
 * folders to read them from. The same image always gives the same document.
 */
export function spdxDocument(subject: SbomSubject, toolVersion: string) {
  const image = "SPDXRef-image";
  const packages = subject.packages.map((each) => ({ ...each, ref: refOf(each) }));
  const contained = [...(subject.compiled ? [COMPILED] : []), ...packages.map(({ ref }) => ref)];
  return {
    spdxVersion: "SPDX-2.3",
    dataLicense: "CC0-1.0",
    SPDXID: "SPDXRef-DOCUMENT",
    name: subject.tag,
    documentNamespace: `urn:uuid:${uuidOf(subject.id)}`,
    creationInfo: {
      created: subject.created.toISOString().replace(/\.\d+Z$/, "Z"),
      creators: [`Tool: slurmlab-${toolVersion}`],
    },
    packages: [
      {
        SPDXID: image,
        name: subject.tag,
        versionInfo: subject.id,
        downloadLocation: "NOASSERTION",
        filesAnalyzed: false,
        primaryPackagePurpose: "CONTAINER",
      },
      ...(subject.compiled ? [compiledPackage(subject.compiled)] : []),
      ...packages.map(({ ref, name, version, architecture, source }) => ({
        SPDXID: ref,
        name,
        versionInfo: version,
        downloadLocation: "NOASSERTION",
        filesAnalyzed: false,
        licenseConcluded: "NOASSERTION",
        licenseDeclared: "NOASSERTION",
        copyrightText: "NOASSERTION",
        sourceInfo: `built from ${source}`,
        externalRefs: [
          {
            referenceCategory: "PACKAGE-MANAGER",
            referenceType: "purl",
            referenceLocator: purl(subject, { name, version, architecture }),
          },
        ],
      })),
    ],
    relationships: [
      { spdxElementId: "SPDXRef-DOCUMENT", relationshipType: "DESCRIBES", relatedSpdxElement: image },
      ...contained.map((ref) => ({
        spdxElementId: image,
        relationshipType: "CONTAINS",
        relatedSpdxElement: ref,
      })),
    ],
  };
}

const COMPILED = "SPDXRef-source-slurm";

/** Slurm itself. The sum is the tarball's, not that of what was compiled. */
function compiledPackage({ version, file, sha256 }: NonNullable<SbomSubject["compiled"]>) {
  return {
    SPDXID: COMPILED,
    name: "slurm",
    versionInfo: version,
    packageFileName: file,
    checksums: [{ algorithm: "SHA256", checksumValue: sha256 }],
    downloadLocation: "NOASSERTION",
    filesAnalyzed: false,
    licenseConcluded: "NOASSERTION",
    licenseDeclared: "NOASSERTION",
    copyrightText: "NOASSERTION",
    sourceInfo: `compiled from ${file}`,
    externalRefs: [
      {
        referenceCategory: "PACKAGE-MANAGER",
        referenceType: "purl",
        referenceLocator: `pkg:generic/slurm@${version}?checksum=sha256:${sha256}`,
      },
    ],
  };
}

/** Letters, digits, dots and dashes are all that an SPDX reference may have. Two architectures may have one name. */
function refOf({ name, architecture }: InstalledPackage): string {
  const safe = name.replaceAll(/[^A-Za-z0-9.-]/g, (sign) => `-${sign.charCodeAt(0).toString(16)}-`);
  return `SPDXRef-deb-${safe}-${architecture}`;
}

/** The package URL of a Debian package (github.com/package-url/purl-spec, type deb). */
function purl(
  { distribution, distributionVersion }: SbomSubject,
  { name, version, architecture }: Pick<InstalledPackage, "name" | "version" | "architecture">,
): string {
  const distro = distributionVersion ? `&distro=${distribution}-${distributionVersion}` : "";
  return `pkg:deb/${distribution}/${encodeURIComponent(name)}@${encodeURIComponent(version)}?arch=${architecture}${distro}`;
}

/** A UUID that stands for an image, and is the same each time (RFC 9562, version 8: made in a way of our own). */
function uuidOf(id: string): string {
  const hex = createHash("sha256").update(id).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
