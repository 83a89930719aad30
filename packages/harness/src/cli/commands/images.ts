import { formatProblem } from "@slurmlab/config-gen";
import { CATALOG, DEFAULT_SLURM, findRelease, IMAGE_ROLES, imageSet, missingImages } from "@slurmlab/images";
import type { Command } from "commander";
import { findEngine, lookForEngine } from "../../engine/find.ts";
import { EXIT, LabError } from "../../errors/lab-error.ts";
import { compiledLine, compiledRows } from "../images/compiled-rows.ts";
import { buildFromSource, type SourceOptions } from "../images/source.ts";
import { prepareImages } from "../images.ts";
import { terminal } from "../terminal.ts";

interface BuildOptions extends SourceOptions {
  readonly slurm: string[];
  readonly verbose?: boolean;
  readonly yes?: boolean;
}

export function imagesCommand(program: Command, setExit: (code: number) => void): void {
  const images = program.command("images").description("list and build the images of each Slurm release");
  images
    .command("list")
    .description("list the releases of the catalog, and whether their images are there")
    .option("--json", "print JSON")
    .action(async (options: { json?: boolean }) => setExit(await list(options)));
  images
    .command("build")
    .description("build what is missing")
    .option("--slurm <releases...>", "releases to build", [DEFAULT_SLURM])
    .option("--source <tarball>", "compile Slurm from this file or URL; --slurm then has a patch level")
    .option("--sha256 <sum>", "the tarball's sum; without it nothing is built, and the sum is printed")
    .option("--configure-arg <argument>", "an argument for configure, after our own; may be repeated", gather)
    .option("--base <suite>", "the Debian suite to compile on and run on (default: the nearest release's)")
    .option("--verbose", "show the whole output")
    .option("-y, --yes", "install what is needed without asking")
    .addHelpText(
      "after",
      "\nExamples:\n  pnpm images build\n  pnpm images build --slurm 24.11 26.05\n  pnpm images build --slurm 23.11.10 --source slurm-23.11.10.tar.bz2 --sha256 SUM --configure-arg=--without-hwloc",
    )
    .action(async (options: BuildOptions) => setExit(await build(options)));
}

async function list(options: { json?: boolean }): Promise<number> {
  const out = terminal(options);
  const found = await lookForEngine(process.env);
  const rows = await Promise.all(
    CATALOG.map(async (release) => {
      const set = imageSet(release, found?.engine.architecture ?? "unknown");
      const missing = found ? await missingImages(found.engine, set, IMAGE_ROLES) : IMAGE_ROLES;
      return {
        slurm: release.slurm,
        suite: release.suite,
        missing,
        images: set.tags,
      };
    }),
  );
  const line = (row: (typeof rows)[number]) =>
    `${row.slurm}  ${row.suite.padEnd(9)} ${row.missing.length === 0 ? "built    " : "not built"}${row.slurm === DEFAULT_SLURM ? "  default" : ""}`;
  const compiled = found ? compiledRows(await found.engine.listImages(), found.engine.architecture) : [];
  out.print(
    options.json
      ? JSON.stringify([...rows, ...compiled], null, 2)
      : [...rows.map(line), ...compiled.map(compiledLine)].join("\n"),
  );
  return EXIT.ok;
}

/** Commander's way of an option that may be repeated. */
const gather = (word: string, words: string[] = []) => [...words, word];

async function build(options: BuildOptions): Promise<number> {
  const out = terminal(options);
  if (await buildFromSource(options, out)) return EXIT.ok;
  const releases = options.slurm.map((slurm) => {
    const release = findRelease(slurm);
    if ("severity" in release) throw new LabError({ kind: "bad-input", message: formatProblem(release) });
    return release;
  });
  const { engine, line } = await findEngine(process.env, { say: out.note, confirm: out.confirm });
  out.note(line);
  const { signal } = new AbortController();
  for (const release of releases) {
    const detail = options.verbose ? out.note : () => {};
    const set = await prepareImages(engine, release, IMAGE_ROLES, {
      terminal: out,
      say: out.note,
      detail,
      signal,
    });
    out.print(`Slurm ${release.slurm}: ${IMAGE_ROLES.join(", ")} (${release.slurm}-${set.hash})`);
  }
  return EXIT.ok;
}
