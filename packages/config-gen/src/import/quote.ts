/**
 * A value as it has to stand in a Slurm file for the parser to read just this: quotes around spaces and nothing, a
 * backslash before what would start a comment.
 */
export function quoted(value: string): string {
  const escaped = value.replace(/[\\#]/g, "\\$&");
  return value === "" || /[ \t\v\f\r]/.test(value) ? `"${escaped}"` : escaped;
}

/** The same for a specification, where a whole number can stand without quotes. */
export function specValue(value: string): string | number {
  return /^(0|[1-9]\d{0,14})$/.test(value) ? Number(value) : quoted(value);
}
