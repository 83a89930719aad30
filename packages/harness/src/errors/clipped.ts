/** Characters of what an error has seen that a person can still read; the rest is in the evidence. */
const MOST = 20_000;

/** A text, or of a long one its beginning and its end, and between them what was left out. */
export function clipped(text: string, most = MOST): string {
  if (text.length <= most) return text;
  const half = Math.floor(most / 2);
  const left = text.length - 2 * half;
  return `${text.slice(0, half)}\n[${left} characters left out]\n${text.slice(-half)}`;
}
