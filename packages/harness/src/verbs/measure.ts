import { z } from "zod";
import { LabError } from "../errors/lab-error.ts";
import { defineVerb } from "./verb.ts";

const what = z.string().min(1).meta({ description: "what it is, for the report" });

export const measure = defineVerb({
  name: "measure",
  summary:
    "Puts a number into the report: the seconds since the last step that disturbs, or a number that a step gave. It judges nothing.",
  schema: z.union([
    z.strictObject({ since: z.literal("disturbance"), what }),
    z.strictObject({
      value: z
        .union([z.number(), z.string()])
        .meta({ description: "a number, or a step's result that begins with one" }),
      what,
      unit: z.string().default(""),
    }),
  ]),
  result: "nothing",
  sentence: (input) => `measure ${input.what}`,
  async run(input, { measures }): Promise<void> {
    const value = "since" in input ? measures.sinceDisturbance : numberIn(input.value);
    if (value === undefined) {
      throw new LabError({
        kind: "bad-input",
        message: `there is nothing to measure for "${input.what}"`,
        expected: "since" in input ? "an earlier step that disturbs" : "a number",
        ...("value" in input ? { seen: String(input.value) } : {}),
      });
    }
    measures.all.push({ what: input.what, value, unit: "since" in input ? "s" : input.unit });
  },
});

function numberIn(value: number | string): number | undefined {
  const [text] = /^\s*-?\d+(\.\d+)?/.exec(String(value)) ?? [];
  return text === undefined ? undefined : Number(text);
}
