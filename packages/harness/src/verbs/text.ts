/** What a program printed, as `$(...)` gives it: `c1`, not `c1` and a line feed that nobody sees in a message. */
export function withoutLastNewline(text: string): string {
  return text.replace(/\n+$/, "");
}
