import { visible } from "./visible.ts";

/**
 * A text as it may be written out. On GitHub a line that begins with `::name`, and `##[name` anywhere in one, is a command to the
 * runner, whoever printed it: it could hide the rest, or forge an annotation. There it is shown as `\u003a:` and `#\u0023[`,
 * which JSON reads as what they stand for.
 */
export function shown(text: string, env: NodeJS.ProcessEnv = process.env): string {
  return env.GITHUB_ACTIONS ? withoutCommands(visible(text)) : visible(text);
}

/** As the runner reads its commands (actions/runner, ActionCommand.cs): blanks before them do not count. */
function withoutCommands(text: string): string {
  return text.replace(/^([^\S\n]*)::/gm, "$1\\u003a:").replaceAll("##[", "#\\u0023[");
}
