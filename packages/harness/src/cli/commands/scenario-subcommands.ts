import type { Command } from "commander";
import { type DocsOptions, docs } from "../scenario/docs.ts";
import { eject } from "../scenario/eject.ts";
import { type LintOptions, lint } from "../scenario/lint.ts";
import { type ListOptions, list } from "../scenario/list.ts";
import { type NewOptions, newScenario } from "../scenario/new.ts";

/** What can be done with scenarios besides running them; nothing here needs a container engine. */
export function scenarioSubcommands(scenario: Command, setExit: (code: number) => void): void {
  scenario
    .command("list")
    .description("list the scenarios: claim, tags, releases, and how each last went in this folder")
    .option("--tag <tags...>", "only those with one of these tags")
    .option("--json", "print JSON")
    .addHelpText("after", examples(["list", "list --tag gpu", "list --json"]))
    .action(async (options: ListOptions) => setExit(await list(options)));
  scenario
    .command("lint")
    .description("say all that is wrong with scenarios, with places and the nearest right words")
    .argument("[scenarios...]", "names, or paths of .yaml or .ts files (default: every scenario)")
    .option("--json", "print JSON")
    .addHelpText(
      "after",
      `${examples(["lint", "lint ./my-scenario.yaml", "lint hello gpu-job --json"])}\n\nExit codes: 0 nothing is wrong, 2 something is.`,
    )
    .action(async (wanted: string[], options: LintOptions) => setExit(await lint(wanted, options)));
  scenario
    .command("new")
    .description("write a scenario to begin with; never over a file that is there")
    .argument("<name>", "its name, for the folder of scenarios, or a path")
    .option("--ts", "in TypeScript")
    .option("--from <scenario>", "a copy of another; with --ts a YAML scenario becomes TypeScript")
    .addHelpText(
      "after",
      examples(["new node-fails", "new node-fails --ts", "new hello-too --from hello --ts"]),
    )
    .action((name: string, options: NewOptions) => setExit(newScenario(name, options)));
  scenario
    .command("docs")
    .description("the verbs that steps are made of and the faults, or all of one")
    .argument("[name]", "a verb's or a fault's name")
    .option("--json", "print JSON")
    .addHelpText("after", examples(["docs", "docs until", "docs munge-down", "docs submit --json"]))
    .action((name: string | undefined, options: DocsOptions) => setExit(docs(name, options)));
  scenario
    .command("eject")
    .description("print a YAML scenario as TypeScript that does the same steps")
    .argument("<scenario>", "a name, or the path of a .yaml file")
    .addHelpText("after", examples(["eject hello", "eject ./mine.yaml > scenarios/mine.ts"]))
    .action((wanted: string) => setExit(eject(wanted)));
}

function examples(lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  pnpm scenario ${line}`).join("\n")}`;
}
