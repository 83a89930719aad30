/** What this program itself colours with: bold, dim, the eight colours, and their ends. */
const OWN_COLOUR = String.raw`\u001b\[(?:[12]|22|3[0-79])m`;

/**
 * Characters that do something to a terminal instead of being shown: C0 and C1 but for the line feed and the tab, and those that turn
 * the direction of writing, which can show a text as another one.
 */
const ACTING = String.raw`[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]`;

const EITHER = new RegExp(`(${OWN_COLOUR})|${ACTING}`, "g");

/**
 * A text as it may go to a terminal. What jobs, daemons and files of others have written may carry sequences that clear the screen, put
 * other words there, or set the clipboard; they are shown as `\u001b`, which JSON reads as what it stands for.
 */
export function visible(text: string): string {
  return text.replace(
    EITHER,
    (sign, colour: string | undefined) => colour ?? `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
