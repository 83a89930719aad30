import { Command } from "commander";
import { expect, test } from "vitest";
import { clusterCommand } from "../src/cli/commands/cluster.ts";
import { completionCommand } from "../src/cli/commands/completion.ts";
import { configCommand } from "../src/cli/commands/config.ts";
import { diagnoseCommand } from "../src/cli/commands/diagnose.ts";
import { engineCommand } from "../src/cli/commands/engine.ts";
import { imagesCommand } from "../src/cli/commands/images.ts";
import { scenarioCommand } from "../src/cli/commands/scenario.ts";

const program = new Command("pnpm");
for (const add of [
  scenarioCommand,
  clusterCommand,
  configCommand,
  diagnoseCommand,
  engineCommand,
  imagesCommand,
  completionCommand,
])
  add(program, () => {});

/** Every command that does something, under its whole name. */
function commandsIn(parent: Command, path: string): Array<[string, Command]> {
  return parent.commands.flatMap((command) => {
    const name = `${path} ${command.name()}`.trim();
    const inner = commandsIn(command, name);
    return inner.length > 0 && !("_actionHandler" in command && command._actionHandler)
      ? inner
      : [[name, command] as [string, Command], ...inner];
  });
}

function helpOf(command: Command): string {
  let help = "";
  command.configureOutput({ writeOut: (text) => (help += text) });
  command.outputHelp();
  return help;
}

const all = commandsIn(program, "").filter(([name]) => name !== "help");

test("every command is looked at", () =>
  expect(all.map(([name]) => name)).toEqual(
    expect.arrayContaining([
      "scenario",
      "scenario lint",
      "cluster gc",
      "config presets",
      "engine purge",
      "completion",
    ]),
  ));

test.each(all)("the help of %s has an example that begins with its name", (name, command) => {
  const [, examples = ""] = helpOf(command).split("Examples:\n");
  expect(examples).toMatch(new RegExp(`\\bpnpm (?:-s |--silent )*(?:run )?${name}\\b`, "m"));
});

test("no help shows a default as JSON that nobody can type", () => {
  for (const [, command] of all) expect(helpOf(command)).not.toMatch(/\(default: \[/);
});
