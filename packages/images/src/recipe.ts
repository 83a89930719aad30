import { DEFAULT_CLUSTER } from "@slurmlab/config-gen";
import type { SlurmRelease } from "./catalog.ts";
import { type ContextFile, hash, hashFiles, readTree } from "./files.ts";
import type { ImageLayer } from "./layered-set.ts";
import { aptPreferences, type LockedImages } from "./lock.ts";
import { COMPILER, IMAGE_ROLES, type ImageRole, PACKAGE_WORDS } from "./roles.ts";
import { singleNodeFiles } from "./single-node.ts";
import { type SiteBase, siteBaseImage } from "./site-base.ts";
import type { Compiled } from "./source.ts";

/** A bare system; see `base.ts` for where it comes from. */
export interface BaseImage {
  readonly suite: string;
  readonly tag: string;
  /** What a registry, or a site, calls the same thing. */
  readonly reference: string;
  /** A site's own: nothing else may be taken for it. */
  readonly site?: boolean;
}

/** Everything the images of one release are made of: the same set always has the same tags, another one never. */
export interface ImageSet {
  /** `24.11`. */
  readonly slurm: string;
  readonly base: BaseImage;
  /** Stands for all that goes in. */
  readonly hash: string;
  readonly tags: Readonly<Record<ImageRole, string>>;
  /** `--build-arg`s. */
  readonly args: Readonly<Record<string, string>>;
  readonly files: readonly ContextFile[];
  /** Where its Slurm comes from, when not from the suite's packages. */
  readonly compiled?: Compiled;
  readonly locked?: LockedImages;
  /** A site's own base, in place of the suite's. */
  readonly site?: SiteBase;
  /** What some of its images have, beside Slurm or in place of MariaDB. */
  readonly layer?: ImageLayer;
}

/** Bumped when base images are made in another way. */
const BASE_REVISION = "4";

/**
 * The images of a release for an engine of this architecture (`amd64`, `arm64`: it is part of every tag's hash), with
 * their packages held at what a lock says, if there is one, on a site's own base in place of the suite's.
 */
export function imageSet(
  release: SlurmRelease,
  architecture: string,
  { locked, base: site }: { readonly locked?: LockedImages; readonly base?: SiteBase } = {},
): ImageSet {
  const { slurm } = release;
  const base = site ? siteBaseImage(site) : suiteBase(release.suite, architecture);
  const args = {
    BASE: base.tag,
    // What a site's image calls its suite may be another distribution's word for another thing.
    CACHE: site ? base.tag.replace(/.*:/, "") : `${base.suite}-${architecture}`,
    CLUSTER: DEFAULT_CLUSTER,
    COMPILER: COMPILER.join(" "),
    PACKAGES: [...new Set([...Object.values(PACKAGE_WORDS).flat(), ...COMPILER])].join(" "),
    ...Object.fromEntries(Object.entries(PACKAGE_WORDS).map(([name, words]) => [name, words.join(" ")])),
  };
  const files = [
    // How Slurm is compiled, and what may be put on top, are no part of how its packages are installed.
    ...readTree("context", ".").filter((file) => !/^(source|variant|mysql)\//.test(file.path)),
    ...readTree("mockgpu", "mockgpu").filter((file) => /\.[ch]$|Makefile$/.test(file.path)),
    ...singleNodeFiles(slurm),
    ...(locked
      ? [{ path: "build/preferences", content: Buffer.from(aptPreferences(locked)), executable: false }]
      : []),
  ];
  const sum = hash([JSON.stringify(args), ...hashFiles(files)]);
  const tags = Object.fromEntries(
    IMAGE_ROLES.map((role) => [role, `slurmlab/${role}:${slurm}-${sum}`]),
  ) as Record<ImageRole, string>;
  return {
    slurm,
    base,
    hash: sum,
    tags,
    args,
    files,
    ...(locked ? { locked } : {}),
    ...(site ? { site } : {}),
  };
}

function suiteBase(suite: string, architecture: string): BaseImage {
  return {
    suite,
    tag: `slurmlab/base:${suite}-${hash([BASE_REVISION, suite, architecture])}`,
    reference: `debian:${suite}-slim`,
  };
}
