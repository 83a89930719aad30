import { z } from "zod";
import type { Watch } from "../conditions/watch.ts";

function isWatch(value: unknown): value is Watch {
  return typeof value === "object" && value !== null && (value as Watch).kind === "watch";
}

/** A watch in a verb's input: what `never` returned, in YAML `$name`. */
export const watchReference = z
  .custom<Watch>(isWatch, { error: "expected a watch: what never returned, in YAML $name" })
  .meta({ title: "a watch" });
