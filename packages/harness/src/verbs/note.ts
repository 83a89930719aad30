import { z } from "zod";
import { defineVerb } from "./verb.ts";

export const note = defineVerb({
  name: "note",
  summary: "Puts a sentence into the report, for whoever reads it; nothing is done.",
  schema: z.strictObject({ text: z.string().min(1) }),
  result: "nothing",
  sentence: ({ text }) => text,
  async run(): Promise<void> {},
});
