import type { Variant } from "@slurmlab/config-gen";
import {
  compiledVersion,
  type ImageSet,
  type LayerWishes,
  NoSlurmSource,
  nearestRelease,
  readTarball,
  releaseFor,
  sha256,
  sourceImageSet,
} from "@slurmlab/images";
import type { Engine } from "../../engine/engine.ts";
import { LabError } from "../../errors/lab-error.ts";
import type { Terminal } from "../terminal.ts";
import { buildAll } from "./build-all.ts";
import { rolesToBuild, withLayers } from "./layers.ts";
import { imageEngine } from "./sets.ts";
import { checkBase, isImage, siteBase } from "./site-base.ts";
import { getTarball, type Tarball } from "./tarball.ts";

/** The options of `images build` that belong together. */
export interface SourceOptions {
  readonly slurm: readonly string[];
  /** A file or a URL. */
  readonly source?: string;
  readonly sha256?: string;
  readonly configureArg?: readonly string[];
  /** A site's own image; to compile, a Debian suite as well. */
  readonly base?: string;
  readonly lock?: string;
  readonly variant?: Variant;
  /** The server below slurmdbd; MariaDB when nothing is said. */
  readonly database?: LayerWishes["database"];
  readonly verbose?: boolean;
}

/** What is to be compiled, checked, before anything is started. */
interface CheckedSource {
  /** On what it is compiled, in one line. */
  readonly line: string;
  readonly set: (engine: Engine) => Promise<ImageSet>;
}

/** `images build --source`: compiles a Slurm and builds all its images. False when none is asked for. */
export async function buildFromSource(
  options: SourceOptions,
  out: Terminal,
  signal: AbortSignal,
): Promise<boolean> {
  const checked = await checkedSource(options, signal);
  if (!checked) return false;
  out.note(checked.line);
  const { engine } = await imageEngine(out);
  const plain = await checked.set(engine);
  const roles = rolesToBuild(options);
  const set = withLayers(plain, options);
  await buildAll([set], { engine, roles, out, signal, verbose: options.verbose ?? false });
  out.print(`Slurm ${set.slurm}: ${roles.join(", ")} (${set.slurm}-${set.hash})`);
  return true;
}

/** Checks the options and the tarball of a build from source; undefined when none is asked for. */
async function checkedSource(
  options: SourceOptions,
  signal: AbortSignal,
): Promise<CheckedSource | undefined> {
  if (options.source === undefined) {
    refuseStray(options);
    return undefined;
  }
  if (options.lock !== undefined)
    throw bad("--lock holds packages of the catalog's releases, and --source compiles another", {
      expected: "one of the two",
      seen: "both",
    });
  const version = versionOf(options.slurm);
  const nearest = nearestRelease(version);
  const image = options.base !== undefined && isImage(options.base) ? options.base : undefined;
  checkBase(image);
  const suite = image ? "" : suiteOf(options.base ?? nearest.suite);
  if (options.sha256 !== undefined && !/^[0-9a-f]{64}$/i.test(options.sha256))
    throw bad("--sha256 is no SHA-256 sum", { expected: "64 hexadecimal digits", seen: options.sha256 });
  const configure = options.configureArg ?? [];
  const manyLines = configure.find((argument) => /[\r\n]/.test(argument) || argument === "");
  if (manyLines !== undefined)
    throw bad("--configure-arg is no argument of configure", {
      expected: "one line, such as --with-nvml=/usr/local/cuda",
      seen: JSON.stringify(manyLines),
    });
  const tarball = await getTarball(options.source, signal);
  const sum = await checkTarball(tarball, version, options.sha256?.toLowerCase());
  const source = { version, sha256: sum, file: tarball.file, configure };
  const why = options.base
    ? "as --base says"
    : `which has ${nearest.slurm}, the nearest release of the catalog`;
  return {
    line: `${tarball.file}: Slurm ${version}, compiled on ${image ?? suite}, ${why}`,
    set: async (engine) => {
      const base = await siteBase(engine, image, signal);
      const on = base ? { suite: base.suite, base } : { suite };
      return sourceImageSet({ ...source, ...on }, engine.architecture, tarball.bytes);
    },
  };
}

/** The sum of a tarball that is what it is said to be. */
async function checkTarball({ file, bytes }: Tarball, version: string, given?: string): Promise<string> {
  const sum = sha256(bytes);
  if (given !== undefined && given !== sum)
    throw bad(`${file} is another file than --sha256 says`, {
      expected: given,
      seen: sum,
      hint: "download it again; if the sum stays, do not build it",
    });
  const found = await readTarball(bytes).catch((error: unknown) => {
    if (!(error instanceof NoSlurmSource)) throw error;
    throw bad(`${file} is no source of Slurm`, { expected: error.expected, seen: error.seen });
  });
  if (found.version !== version)
    throw bad(`${file} is another Slurm than --slurm says`, {
      expected: version,
      seen: `${found.version}, in its META`,
      hint: `--slurm ${found.version}, or the tarball of ${version}`,
    });
  if (given === undefined)
    throw bad(`the sum of ${file} has to be given, so that it is the file you mean and stays it`, {
      expected: "--sha256 SUM",
      seen: `its sum is ${sum}`,
      hint: `compare it with the one on SchedMD's download page (or, of a distribution's source package, in its .dsc), then add: --sha256 ${sum}`,
    });
  return sum;
}

function versionOf(slurm: readonly string[]): string {
  const [version = ""] = slurm;
  if (slurm.length !== 1 || !compiledVersion(version))
    throw bad("--source is one version of Slurm", {
      expected: "--slurm with a patch level, such as 22.05.8",
      seen: slurm.join(" "),
    });
  if (releaseFor(version) === undefined)
    throw bad(`Slurm ${version} is older than every release that slurmlab can configure`, {
      expected: "a release of which, or of an older one, the configuration is known",
      seen: version,
    });
  return version;
}

function suiteOf(suite: string): string {
  if (/^[a-z][a-z0-9.-]*$/.test(suite)) return suite;
  throw bad("--base is no Debian suite", {
    expected: "a suite such as bookworm, or an image with its tag, such as site/os:12",
    seen: suite,
  });
}

/** Options that would silently do nothing. */
function refuseStray(options: SourceOptions): void {
  const stray = [
    options.sha256 === undefined ? "" : "--sha256",
    options.configureArg === undefined ? "" : "--configure-arg",
  ].filter(Boolean);
  if (stray.length > 0)
    throw bad(`${stray.join(" and ")} without a source`, {
      expected: "--source with the file or URL of a tarball",
      seen: stray.join(" "),
    });
}

function bad(message: string, facts: { expected: string; seen: string; hint?: string }): LabError {
  return new LabError({ kind: "bad-input", message, ...facts });
}
