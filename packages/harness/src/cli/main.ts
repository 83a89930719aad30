import { Command, CommanderError, Help } from "commander";
import { EXIT, LabError } from "../errors/lab-error.ts";
import { shown } from "./output/shown.ts";
import { VERSION } from "./project.ts";

type AddCommand = (program: Command, setExit: (code: number) => void) => void;

/** Each command's modules are loaded when it is called: all of them take longer than most commands do. */
const COMMANDS: Readonly<Record<string, () => Promise<AddCommand>>> = {
  scenario: async () => (await import("./commands/scenario.ts")).scenarioCommand,
  cluster: async () => (await import("./commands/cluster.ts")).clusterCommand,
  config: async () => (await import("./commands/config.ts")).configCommand,
  diagnose: async () => (await import("./commands/diagnose.ts")).diagnoseCommand,
  engine: async () => (await import("./commands/engine.ts")).engineCommand,
  images: async () => (await import("./commands/images.ts")).imagesCommand,
  completion: async () => (await import("./commands/completion.ts")).completionCommand,
};

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
      // Without `run` these two are pnpm's own.
      commandUsage: (command) =>
        new Help().commandUsage(command).replace(/^pnpm (?=config|completion)/, "pnpm run "),
    });
  // pnpm may hand on the `--` that separates its own arguments from ours.
  const words = argv.filter((word, i) => !(word === "--" && i === 1));
  const isCommand = words[0] !== undefined && Object.hasOwn(COMMANDS, words[0]);
  for (const [name, load] of Object.entries(COMMANDS))
    if (!isCommand || name === words[0]) (await load())(program, setExit);
  try {
    // `complete -- WORD...` is what the script of `completion` calls, and no command for people.
    if (argv[0] === "complete") {
      await (await import("./completion/answer.ts")).answer(program, argv.slice(2));
      return code;
    }
    await program.parseAsync([...words], { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.badInput;
    if (error instanceof LabError) {
      process.stderr.write(`${shown(error.format())}\n`);
      return error.exitCode;
    }
    process.stderr.write(
      `${shown(String(error instanceof Error ? error.stack : error))}\nThis is a defect of slurmlab.\n`,
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
