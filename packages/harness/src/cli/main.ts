import { Command, CommanderError, Help } from "commander";
import { EXIT, LabError } from "../errors/lab-error.ts";
import { clusterCommand } from "./commands/cluster.ts";
import { configCommand } from "./commands/config.ts";
import { diagnoseCommand } from "./commands/diagnose.ts";
import { engineCommand } from "./commands/engine.ts";
import { imagesCommand } from "./commands/images.ts";
import { scenarioCommand } from "./commands/scenario.ts";
import { VERSION } from "./project.ts";

/** The whole command line. Resolves to the exit code; the only place where an error becomes text on a terminal. */
export async function main(argv: readonly string[]): Promise<number> {
  let code: number = EXIT.ok;
  const setExit = (value: number) => {
    code = value;
  };
  const program = new Command("pnpm")
    .description(
      "slurmlab: real Slurm clusters in containers, and scripted scenarios that break and mend them",
    )
    .version(VERSION)
    .showSuggestionAfterError()
    // Options behind a subcommand are its own: `scenario list --json`.
    .enablePositionalOptions()
    .exitOverride()
    .configureHelp({
      showGlobalOptions: false,
      // `pnpm config` is pnpm's own.
      commandUsage: (command) => new Help().commandUsage(command).replace("pnpm config", "pnpm run config"),
    });
  for (const add of [
    scenarioCommand,
    clusterCommand,
    configCommand,
    diagnoseCommand,
    engineCommand,
    imagesCommand,
  ])
    add(program, setExit);
  // pnpm may hand on the `--` that separates its own arguments from ours.
  const words = argv.filter((word, i) => !(word === "--" && i === 1));
  try {
    await program.parseAsync([...words], { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.badInput;
    if (error instanceof LabError) {
      process.stderr.write(`${error.format()}\n`);
      return error.exitCode;
    }
    process.stderr.write(
      `${error instanceof Error ? error.stack : String(error)}\nThis is a defect of slurmlab.\n`,
    );
    return EXIT.broken;
  }
}

// A reader that has gone (`| head`) is no reason to leave a cluster behind: what nobody reads is not written.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2));
