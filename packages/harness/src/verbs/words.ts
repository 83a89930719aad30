import { z } from "zod";

/** A program's arguments: words as a list, or one line that is split at blanks. */
export const wordsInput = z
  .union([z.string().min(1), z.array(z.string()).min(1)])
  .meta({ description: "words as a list, or one line that is split at blanks" });

export function words(command: string | readonly string[]): string[] {
  return typeof command === "string" ? command.trim().split(/\s+/) : [...command];
}
