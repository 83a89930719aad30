import { HOOK_MODES, PRESET_TITLES } from "@slurmlab/config-gen";
import { CATALOG, DEFAULT_SLURM } from "@slurmlab/images";
import { type Command, InvalidArgumentError, Option } from "commander";
import { type ImportOptions, importFolder } from "../config/import.ts";
import { type LintOptions, lint } from "../config/lint.ts";
import { type DiffOptions, diff, type RenderOptions, render } from "../config/render.ts";
import { terminal } from "../terminal.ts";
import { examplesOf } from "./examples.ts";

const examples = examplesOf("pnpm run config");

const RELEASES = CATALOG.map(({ slurm }) => slurm).join(", ");

/** Slurm configuration: made, compared, taken in, judged. Nothing here needs a container engine. */
export function configCommand(program: Command, setExit: (code: number) => void): void {
  const config = program
    .command("config")
    .description("make, compare, take in and judge Slurm configuration (pnpm run config ...)");
  const release = [
    "--slurm <release>",
    `Slurm release (default: what the specification says, else ${DEFAULT_SLURM})`,
  ] as const;
  const hostPath = [
    "--allow-host-path",
    "follow links out of the folder, to any file of this machine",
  ] as const;
  config
    .command("render")
    .description("print the files of a specification, or write them into a folder")
    .argument("<spec>", "a preset, or the path of a specification in YAML")
    .option(...release)
    .option("--out <folder>", "write the files there, with fresh keys and passwords")
    .option("--force", "write into a folder that is not empty")
    .addOption(
      new Option("--cgroup <version>", "the machine to render for")
        .choices(["v1", "v2", "none"])
        .default("v2"),
    )
    .option("--json", "print JSON")
    .addHelpText("after", examples(["render gpu --slurm 26.05", "render my-cluster.yaml --out ./etc-slurm"]))
    .action((spec: string, options: RenderOptions) => setExit(render(spec, options)));
  config
    .command("diff")
    .description("compare the files of two specifications; exit 1 when they differ")
    .argument("<a>", "a preset, or the path of a specification")
    .argument("<b>", "another, or the same for another release")
    .option("--slurm <releases...>", "one release for both, or one for each")
    .option("--json", "print JSON")
    .addHelpText("after", examples(["diff gpu my-gpu.yaml", "diff gpu gpu --slurm 20.11 26.05"]))
    .action((a: string, b: string, options: DiffOptions) => setExit(diff(a, b, options)));
  config
    .command("import")
    .description("take in a site's configuration: a specification in YAML")
    .argument("<folder>", "a folder with a slurm.conf, such as a copy of /etc/slurm")
    .option("--slurm <release>", `the release that it is for: ${RELEASES} (default: ${DEFAULT_SLURM})`)
    .option(
      "--shrink <nodes>",
      "a cluster of at most so many nodes that runs here and behaves the same",
      positive,
    )
    .addOption(
      new Option("--hooks <what>", "with --shrink: prolog, epilog, job_submit.lua, ... of the folder")
        .choices(HOOK_MODES)
        .default("auto"),
    )
    .option(...hostPath)
    .option("--out <file>", "write the specification there instead of printing it")
    .option("--force", "replace a file that is there")
    .option("--json", "print the specification, what was decided, and what lint found as JSON")
    .addHelpText(
      "after",
      examples([
        "import /etc/slurm --slurm 22.05 --out site.yaml",
        "import ./etc-slurm --shrink 4 --out small.yaml",
      ]) +
        "\n\nThe first gives a specification that renders back to the same configuration, the second one that\n`pnpm cluster up small.yaml` starts. Passwords and keys are never copied.",
    )
    .action((folder: string, options: ImportOptions) => setExit(importFolder(folder, options)));
  config
    .command("lint")
    .description("say what is wrong with a site's configuration for a release, or for an upgrade")
    .argument("<folder>", "a folder with a slurm.conf, such as a copy of /etc/slurm")
    .option("--slurm <release>", `the release to judge by: ${RELEASES} (default: ${DEFAULT_SLURM})`)
    .option("--from <release>", "an upgrade: the release that runs now")
    .option("--to <release>", "an upgrade: the release that is to run")
    .option(...hostPath)
    .option("--strict", "warnings fail, too")
    .option("--all", "show more than a hundred findings")
    .option("--json", "print JSON")
    .addHelpText(
      "after",
      examples(["lint /etc/slurm --slurm 26.05", "lint ./etc-slurm --from 22.05 --to 24.11"]) +
        "\n\nExit codes: 0 no errors, 1 errors (or an upgrade outside the supported window, or backwards), 2 bad input.",
    )
    .action((folder: string, options: LintOptions) => setExit(lint(folder, options)));
  config
    .command("presets")
    .description("list the specifications that have a name")
    .option("--json", "print JSON")
    .addHelpText("after", examples(["presets", "presets --json"]))
    .action((options: { json?: boolean }) => {
      const rows = Object.entries(PRESET_TITLES);
      const text = rows.map(([name, title]) => `${name.padEnd(12)}${title}`).join("\n");
      terminal(options).print(options.json ? JSON.stringify(PRESET_TITLES, null, 2) : text);
      setExit(0);
    });
}

function positive(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  throw new InvalidArgumentError("Expected a number of nodes, at least 1.");
}
