import { RootCommand } from "@bomb.sh/tab";
import type { Argument, Command, Option } from "commander";
import { knownValues, type Values } from "./values.ts";

/** Prints what can stand in the place of the last word, for the script that a shell calls when somebody presses Tab. */
export async function answer(program: Command, words: readonly string[]): Promise<void> {
  const tab = new RootCommand();
  const values = await knownValues(words);
  for (const command of program.commands) describe(command, [], { tab, values });
  tab.parse([...words]);
}

function describe(
  command: Command,
  above: readonly string[],
  known: { readonly tab: RootCommand; readonly values: Values },
): void {
  const path = [...above, command.name()];
  const name = path.join(" ");
  const described = known.tab.command(name, command.description());
  const handler = (choices: readonly string[]) => (complete: (value: string, about: string) => void) => {
    for (const choice of choices) complete(choice, "");
  };
  const help = command.createHelp();
  for (const option of help.visibleOptions(command)) {
    const takes = option.required || option.optional;
    const long = option.long?.replace(/^--/, "");
    if (!long) continue;
    const short = option.short?.replace(/^-/, "");
    if (takes)
      described.option(long, option.description, handler(choicesOf(option, name, known.values)), short);
    else described.option(long, option.description, short);
  }
  for (const argument of help.visibleArguments(command))
    described.argument(argument.name(), handler(choicesOf(argument, name, known.values)), argument.variadic);
  for (const sub of command.commands) describe(sub, path, known);
}

function choicesOf(of: Argument | Option, command: string, values: Values): readonly string[] {
  const name = "long" in of ? (of.long ?? "") : of.name();
  return of.argChoices ?? values(name, command);
}
