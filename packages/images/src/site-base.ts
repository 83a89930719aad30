import { engineWords } from "./base.ts";
import type { ImageEngine } from "./engine.ts";
import type { BaseImage } from "./recipe.ts";

/** A site's own image that Slurm is to be installed on. */
export interface SiteBase {
  /** What the site calls it. */
  readonly reference: string;
  /** The engine's id of it, `sha256:...`: the same reference may mean another image tomorrow. */
  readonly id: string;
  /** VERSION_CODENAME of its /etc/os-release. */
  readonly suite: string;
}

/** An image that Slurm cannot be installed on: what was expected, and what it is instead. */
export class UnfitBase extends Error {
  override name = "UnfitBase";
  readonly reference: string;
  readonly expected: string;
  readonly seen: string;

  constructor(reference: string, expected: string, seen: string) {
    super(`${reference} cannot be a base: expected ${expected}, seen ${seen}`);
    this.reference = reference;
    this.expected = expected;
    this.seen = seen;
  }
}

/** Distributions by ID or ID_LIKE of os-release, and the program that installs their packages. */
const FAMILIES: ReadonlyArray<readonly [installer: string, ids: readonly string[]]> = [
  ["apt", ["debian", "ubuntu"]],
  ["dnf", ["fedora", "rhel", "centos", "rocky", "almalinux", "amzn"]],
  ["zypper", ["suse", "opensuse", "sles"]],
];

/**
 * Looks into a site's image, pulled where the engine does not have it. Rejects with {@link UnfitBase} when it cannot be
 * had, or is of no family that images can be built on: apt's alone.
 */
export async function lookAtBase(
  engine: ImageEngine,
  reference: string,
  signal: AbortSignal,
): Promise<SiteBase> {
  const find = async () => (await engine.listImages()).find(({ tags }) => tags.includes(reference));
  let image = await find();
  if (!image) {
    await engine.pullImage(reference, signal).catch((error: unknown) => {
      signal.throwIfAborted();
      throw new UnfitBase(reference, "an image of this engine or of a registry", engineWords(error));
    });
    image = await find();
  }
  if (!image) throw new UnfitBase(reference, "a name with its tag, such as site/os:12", "another name");
  // A link in /etc; the file itself can be read as it is.
  const release = String((await engine.readImageFile(reference, "/usr/lib/os-release")) ?? "");
  return { reference, id: image.id, suite: suiteIn(release, reference) };
}

/** The suite in an os-release of apt's family. */
export function suiteIn(release: string, reference: string): string {
  const value = (key: string) => new RegExp(`^${key}=["']?([^"'\n]*)["']?$`, "m").exec(release)?.[1] ?? "";
  const ids = [value("ID"), ...value("ID_LIKE").split(" ")].filter(Boolean);
  const installer = FAMILIES.find(([, known]) => ids.some((id) => known.includes(id)))?.[0];
  const seen = `${value("PRETTY_NAME") || ids.join(" ") || "an image without /usr/lib/os-release"}`;
  const suite = value("VERSION_CODENAME");
  if (installer !== "apt")
    throw new UnfitBase(
      reference,
      "Debian, Ubuntu or a distribution like them",
      installer === undefined
        ? seen
        : `${seen}, whose packages are installed by ${installer}: what that takes is not written, as no such image was at hand to try it with`,
    );
  if (suite === "") throw new UnfitBase(reference, "VERSION_CODENAME in /usr/lib/os-release", seen);
  return suite;
}

/** A site's image as a base: under a tag that stands for this very image. */
export function siteBaseImage({ reference, id, suite }: SiteBase): BaseImage {
  const digits = id.replace(/^sha256:/, "").slice(0, 12);
  return { suite, tag: `slurmlab/base:site-${digits}`, reference, site: true };
}
