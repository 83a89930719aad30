/** The examples at the end of a command's help, each behind the words that call the command. */
export function examplesOf(call: string): (lines: readonly string[]) => string {
  return (lines) => `\nExamples:\n${lines.map((line) => `  ${call} ${line}`).join("\n")}`;
}
