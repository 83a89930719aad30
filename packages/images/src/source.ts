import { parseVersion, RELEASES } from "@slurmlab/config-gen";
import { CATALOG, type SlurmRelease } from "./catalog.ts";
import { type ContextFile, hash, hashFiles, readTree } from "./files.ts";
import { type ImageSet, imageSet } from "./recipe.ts";
import { COMPILER, IMAGE_ROLES, type ImageRole, SOURCE_WORDS } from "./roles.ts";
import type { SiteBase } from "./site-base.ts";

/** A Slurm that is compiled here, and how. */
export interface SlurmSource {
  /** `22.05.8`: with its patch level, unlike a release of the catalog. */
  readonly version: string;
  /** Of the tarball. */
  readonly sha256: string;
  /** The tarball's file name, without where it was. */
  readonly file: string;
  /** Arguments of configure, after our own. */
  readonly configure: readonly string[];
  /** The suite that it is compiled on and runs on. */
  readonly suite: string;
  /** A site's own image, which has that suite's packages, in place of the suite's. */
  readonly base?: SiteBase;
}

/** What the images of a {@link SlurmSource} are built from: an image with the compiled parts, made once. */
export interface Compiled {
  readonly source: SlurmSource;
  readonly tag: string;
  readonly args: Readonly<Record<string, string>>;
  readonly hash: string;
  /** All of its context but the tarball. */
  readonly files: readonly ContextFile[];
  /** Needed for as long as the engine does not have the image. */
  readonly tarball?: Buffer;
}

/** What Slurm is compiled with, as `context/build/resolve` reads words. */
const TOOLS = [
  ...["gcc", "libc6-dev", "linux-libc-dev", "make", "pkgconf|pkg-config", "?ccache", "bzip2", "xz-utils"],
  ...["libmunge-dev", "default-libmysqlclient-dev", "libjwt-dev", "libjson-c-dev", "?libhttp-parser-dev"],
  ...["libyaml-dev", "libhwloc-dev", "?libpmix-dev", "liblua5.4-dev|liblua5.3-dev", "libdbus-1-dev"],
  ...["libnuma-dev", "libpam0g-dev", "libreadline-dev", "liblz4-dev", "libncurses-dev"],
];

/** What both builds install packages with. */
const SHARED_SCRIPTS = ["apt", "apt.conf", "fetch", "install", "resolve"].map((name) => `build/${name}`);

/** The version of a Slurm that is compiled: it has a patch level. Undefined for a release, `24.11`, and for what is neither. */
export function compiledVersion(slurm: string): string | undefined {
  return /^\d\d\.\d\d\.\d+(-[0-9a-z]+)?$/.test(slurm) ? slurm : undefined;
}

/** Of these releases, the newest that is not newer than a version; undefined when all are. */
export function releaseFor(version: string, releases: readonly string[] = RELEASES): string | undefined {
  return releases.filter((release) => monthsFrom(release, version) >= 0).at(-1);
}

/** The catalog's release that is nearest in time to a version: what its suite has, a compiler of those days has as well. */
export function nearestRelease(version: string): SlurmRelease {
  const distance = (release: SlurmRelease) => Math.abs(monthsFrom(release.slurm, version));
  return CATALOG.reduce((best, release) => (distance(release) < distance(best) ? release : best));
}

/** The images of a compiled Slurm for an engine of this architecture: its source is part of every tag's hash. */
export function sourceImageSet(source: SlurmSource, architecture: string, tarball?: Buffer): ImageSet {
  const release = releaseFor(source.version) ?? RELEASES[0] ?? "";
  const packaged = imageSet(
    { slurm: release, suite: source.suite, database: "" },
    architecture,
    source.base ? { base: source.base } : {},
  );
  const compiled = compiledBy(source, packaged);
  const words = Object.fromEntries(
    Object.entries(SOURCE_WORDS).map(([name, list]) => [name, list.join(" ")]),
  );
  const packages = [...new Set([...Object.values(SOURCE_WORDS).flat(), ...COMPILER])];
  const args = {
    ...packaged.args,
    ...words,
    PACKAGES: packages.filter((word) => !word.startsWith("@")).join(" "),
    BUILT: compiled.tag,
  };
  const sum = hash([JSON.stringify(args), ...hashFiles(packaged.files)]);
  const tags = Object.fromEntries(
    IMAGE_ROLES.map((role) => [role, `slurmlab/${role}:${source.version}-${sum}`]),
  ) as Record<ImageRole, string>;
  return {
    ...packaged,
    slurm: source.version,
    hash: sum,
    tags,
    args,
    compiled: tarball ? { ...compiled, tarball } : compiled,
  };
}

function compiledBy(source: SlurmSource, { base, args }: ImageSet): Compiled {
  const build = { BASE: base.tag, CACHE: args.CACHE ?? "", TOOLS: TOOLS.join(" ") };
  const own = [
    ...readTree("context/source", ".").map((file) =>
      file.path === "Dockerfile" ? file : { ...file, path: `source/${file.path}` },
    ),
    {
      path: "configure-arguments",
      content: Buffer.from(source.configure.map((argument) => `${argument}\n`).join("")),
      executable: false,
    },
  ];
  // How packages are installed is left out: minutes of compiling would be lost by a change that compiles nothing else.
  const sum = hash(["source", source.version, source.sha256, JSON.stringify(build), ...hashFiles(own)]);
  const shared = readTree("context/build", "build").filter((file) => SHARED_SCRIPTS.includes(file.path));
  return {
    source,
    tag: `slurmlab/built:${source.version}-${sum}`,
    args: build,
    hash: sum,
    files: [...own, ...shared],
  };
}

/** From one month to another, both as years and months of Slurm's versions. */
function monthsFrom(release: string, version: string): number {
  const [a, b] = [parseVersion(release), parseVersion(version)];
  if (!a || !b) throw new TypeError(`not a Slurm version: ${a ? version : release}`);
  return (b.year - a.year) * 12 + b.month - a.month;
}
