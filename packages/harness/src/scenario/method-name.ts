/** A verb's name as a method's: `expect-log` is `expectLog`. */
export function methodName(verb: string): string {
  return verb.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
