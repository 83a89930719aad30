import { z } from "zod";
import type { InjectedFault } from "../faults/injected.ts";

function isFault(value: unknown): value is InjectedFault {
  return typeof value === "object" && value !== null && (value as InjectedFault).kind === "fault";
}

/** A fault in a verb's input: the handle in TypeScript, `$name` in YAML. */
export const faultReference = z
  .custom<InjectedFault>(isFault, { error: "expected a fault: what inject returned, in YAML $name" })
  .meta({ title: "a fault" });
