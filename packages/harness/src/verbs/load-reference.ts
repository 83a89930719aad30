import { z } from "zod";
import type { Load } from "./load.ts";

function isLoad(value: unknown): value is Load {
  return typeof value === "object" && value !== null && (value as Load).kind === "load";
}

/** A load in a verb's input: what `load` returned, in YAML `$name`. */
export const loadReference = z
  .custom<Load>(isLoad, { error: "expected a load: what load returned, in YAML $name" })
  .meta({ title: "a load" });
