import { DEFAULT_SLURM } from "@slurmlab/images";
import { type Command, Option } from "commander";
import { type BuildOptions, build } from "../images/build.ts";
import { load, type SaveOptions, save } from "../images/bundle.ts";
import { type InspectOptions, inspect } from "../images/inspect.ts";
import { databaseOption, variantOption } from "../images/layers.ts";
import { list } from "../images/list.ts";
import { diff, type LockOptions, lock } from "../images/lock.ts";
import { type PruneOptions, prune } from "../images/prune.ts";
import { type PushOptions, push } from "../images/push.ts";
import { examplesOf } from "./examples.ts";

const examples = examplesOf("pnpm images");

/** A new one each: commander lets no two commands share an option. */
const releases = () =>
  new Option("--slurm <releases...>", "releases of the catalog, or all").default(
    [DEFAULT_SLURM],
    DEFAULT_SLURM,
  );
const builtReleases = () =>
  new Option(
    "--slurm <releases...>",
    "releases of the catalog, or all; with a patch level one that was built from source",
  ).default([DEFAULT_SLURM], DEFAULT_SLURM);

export function imagesCommand(program: Command, setExit: (code: number) => void): void {
  const images = program
    .command("images")
    .description("build, look at, carry and remove the images of each Slurm release");
  images
    .command("list")
    .description("list the releases of the catalog, and whether their images are there")
    .option("--images", "every image with its size")
    .option("--json", "print JSON")
    .addHelpText("after", examples(["list", "list --images"]))
    .action(async (options: { json?: boolean; images?: boolean }) => setExit(await list(options)));
  images
    .command("build")
    .description("build what is missing")
    .addOption(releases())
    .option("--source <tarball>", "compile Slurm from this file or URL; --slurm then has a patch level")
    .option("--sha256 <sum>", "the tarball's sum; without it nothing is built, and the sum is printed")
    .option("--configure-arg <argument>", "an argument for configure, after our own; may be repeated", gather)
    .option(
      "--base <image>",
      "a site's own image with its tag to install on; to compile, a Debian suite as well (default: the nearest release's)",
    )
    .addOption(variantOption())
    .addOption(databaseOption())
    .option("--lock <file>", "hold every package at the version that this file names")
    .option("--verbose", "show the whole output")
    .option("-y, --yes", "install what is needed without asking")
    .addHelpText(
      "after",
      examples([
        "build",
        "build --slurm all",
        "build --slurm 24.11 26.05",
        "build --variant mpi",
        "build --slurm 26.05 --database mysql",
        "build --base site/os:13",
        "build --lock images.lock.json",
        "build --slurm 23.11.10 --source slurm-23.11.10.tar.bz2 --sha256 SUM --configure-arg=--without-hwloc",
      ]),
    )
    .action(async (options: BuildOptions) => setExit(await build(options)));
  images
    .command("inspect")
    .description("show what images are and what is installed in them")
    .argument("<image>", "a release, RELEASE/ROLE, or a tag")
    .option("--packages", "list every package")
    .option("--sbom", "print the SPDX 2.3 document of each image, one after another")
    .option("--json", "print JSON, one document an image")
    .addHelpText(
      "after",
      examples(["inspect 24.11", "inspect 24.11/slurmd --packages", "inspect 24.11/db --sbom"]),
    )
    .action(async (image: string, options: InspectOptions) => setExit(await inspect(image, options)));
  images
    .command("diff")
    .description("compare the packages of two releases, images or lock files; exit code 1 when they differ")
    .argument("<a>")
    .argument("<b>")
    .option("--slurm <release>", "which release of a lock file that has several")
    .option("--json", "print JSON")
    .addHelpText("after", examples(["diff images.lock.json 24.11", "diff 24.11 26.05"]))
    .action(async (a: string, b: string, options: { slurm?: string; json?: boolean }) =>
      setExit(await diff(a, b, options)),
    );
  images
    .command("lock")
    .description("write down the exact packages of built images, to build the same again")
    .addOption(builtReleases())
    .option("--out <file>", "write a file (default: standard output)")
    .option("--force", "replace the file")
    .addHelpText("after", examples(["lock --slurm all --out images.lock.json"]))
    .action(async (options: LockOptions) => setExit(await lock(options)));
  images
    .command("save")
    .description("write the images of releases into one file, for a machine without a network")
    .requiredOption("--out <file>", "a .tar, .tar.gz or .tar.zst")
    .addOption(builtReleases())
    .option("--force", "replace the file")
    .option("--json", "print JSON")
    .addHelpText("after", examples(["save --slurm 24.11 --out slurm-24.11.tar.zst"]))
    .action(async (options: SaveOptions) => setExit(await save(options)));
  images
    .command("load")
    .description("take in the images of such a file")
    .argument("<file>")
    .option("--json", "print JSON")
    .addHelpText("after", examples(["load slurm-24.11.tar.zst"]))
    .action(async (file: string, options: { json?: boolean }) => setExit(await load(file, options)));
  images
    .command("push")
    .description("send images to a registry, under their own tags and the release's plain one")
    .requiredOption("--to <place>", "HOST[:PORT]/PATH of a registry")
    .addOption(builtReleases())
    .option("--json", "print JSON")
    .addHelpText("after", examples(["push --slurm 24.11 --to 127.0.0.1:5000/slurm"]))
    .action(async (options: PushOptions) => setExit(await push(options)));
  images
    .command("prune")
    .description("remove images that no release of this checkout is made like any more")
    .option("--all", "every image of slurmlab, those that are current and those built from source, too")
    .option("--dry-run", "say what would go")
    .option("--json", "print JSON")
    .addHelpText("after", examples(["prune --dry-run", "prune"]))
    .action(async (options: PruneOptions) => setExit(await prune(options)));
}

/** Commander's way of an option that may be repeated. */
const gather = (word: string, words: string[] = []) => [...words, word];
