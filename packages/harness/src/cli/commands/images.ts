import { formatProblem } from "@slurmlab/config-gen";
import { CATALOG, DEFAULT_SLURM, findRelease, IMAGE_ROLES, imageSet, missingImages } from "@slurmlab/images";
import type { Command } from "commander";
import { findEngine, lookForEngine } from "../../engine/find.ts";
import { EXIT, LabError } from "../../errors/lab-error.ts";
import { prepareImages } from "../images.ts";
import { terminal } from "../terminal.ts";

interface BuildOptions {
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
    .option("--verbose", "show the whole output")
    .option("-y, --yes", "install what is needed without asking")
    .addHelpText("after", "\nExamples:\n  pnpm images build\n  pnpm images build --slurm 24.11 26.05")
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
  out.print(options.json ? JSON.stringify(rows, null, 2) : rows.map(line).join("\n"));
  return EXIT.ok;
}

async function build(options: BuildOptions): Promise<number> {
  const out = terminal(options);
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
