import {
  compiledVersion,
  type ImageEngine,
  type ImageSet,
  releaseFor,
  type SlurmSource,
  sourceImageSet,
  sourcesIn,
} from "@slurmlab/images";
import { LabError } from "../../errors/lab-error.ts";
import { quoted } from "../shell-word.ts";
import { layerFlags } from "./layers.ts";

/** A Slurm that `--slurm` names with its patch level: one that was compiled here. */
export interface CompiledSlurm {
  readonly version: string;
  /** The release that its clusters are planned for: its own, or the newest older one that something is known of. */
  readonly release: string;
  /** Its images, whichever release of slurmlab made them; bad input when there are none. */
  readonly images: (engine: Pick<ImageEngine, "architecture" | "listImages">) => Promise<FoundImages>;
}

interface FoundImages {
  readonly set: ImageSet;
  /** What was taken, in one line. */
  readonly line: string;
}

/** What `--slurm` means with a patch level; undefined for a release of the catalog and for what is no version. */
export function compiledSlurm(slurm: string | undefined): CompiledSlurm | undefined {
  const version = compiledVersion(slurm ?? "");
  if (version === undefined) return undefined;
  const release = releaseFor(version);
  if (release === undefined)
    throw new LabError({
      kind: "bad-input",
      message: `Slurm ${version} is older than every release that slurmlab can configure`,
      where: "--slurm",
    });
  return { version, release, images: (engine) => find(engine, version, release) };
}

async function find(
  engine: Pick<ImageEngine, "architecture" | "listImages">,
  version: string,
  release: string,
): Promise<FoundImages> {
  const sources = sourcesIn(await engine.listImages());
  const [source, ...others] = sources.filter((each) => each.version === version);
  if (!source) throw notCompiled(version, [...new Set(sources.map((each) => each.version))]);
  const arguments_ = source.configure.length > 0 ? `, ${source.configure.join(" ")}` : "";
  const planned = version.startsWith(`${release}.`)
    ? ""
    : `; nothing is known of its own release, so its configuration is that of ${release}`;
  const newest = others.length > 0 ? `; the newest of ${others.length + 1} builds` : "";
  return {
    set: sourceImageSet(source, engine.architecture),
    line: `Slurm ${version} compiled from ${source.file} on ${source.suite}${arguments_}${newest}${planned}`,
  };
}

/** The command that builds these images. */
export function buildCommand(set: ImageSet): string {
  const { slurm, compiled, site } = set;
  const base = site ? ` --base ${quoted(site.reference)}` : "";
  const source = compiled ? ` ${sourceFlags(compiled.source)}` : base;
  return `pnpm images build --slurm ${slurm}${source}${flagsOf(set)}`;
}

/** Bad input: the images cannot be made again from what is here. */
export function compileAgain(source: SlurmSource): LabError {
  return new LabError({
    kind: "bad-input",
    message: `what Slurm ${source.version} was compiled to is not here, or was made by another slurmlab`,
    expected: "an image slurmlab/built of this version and these scripts",
    hint: `pnpm images build --slurm ${source.version} ${sourceFlags(source)}`,
  });
}

function sourceFlags({ file, sha256, suite, base, configure }: SlurmSource): string {
  const more = configure.map((argument) => ` --configure-arg=${quoted(argument)}`).join("");
  return `--source ${quoted(file)} --sha256 ${sha256} --base ${base ? quoted(base.reference) : suite}${more}`;
}

/** Bad input: no images of this version, and the command that makes them. */
function notCompiled(version: string, others: readonly string[]): LabError {
  return new LabError({
    kind: "bad-input",
    message: `Slurm ${version} is not compiled here`,
    expected: "images that were built from its source: a version with a patch level means those",
    seen: others.length > 0 ? `images from the source of ${others.join(", ")}` : "none from any source",
    hint: `pnpm images build --slurm ${version} --source FILE --sha256 SUM`,
  });
}

function flagsOf({ layer }: ImageSet): string {
  // The NFS server's is no layer that somebody asks for by a flag.
  if (!layer || layer.name === "nfs") return layer ? flagsOf(layer.plain) : "";
  const [flag] = layerFlags(layer.name === "mysql" ? { database: "mysql" } : { variant: layer.name });
  return `${flagsOf(layer.plain)} ${flag}`;
}
