import { z } from "zod";
import { clusterSpecSchema } from "./schema.ts";

/** JSON Schema of a cluster in a file of its own, for editors (`# yaml-language-server: $schema=...`). */
export function clusterJsonSchema(): Record<string, unknown> {
  // As a person writes it: what has a default may be left out.
  const { $schema, ...schema } = z.toJSONSchema(clusterSpecSchema, { io: "input" });
  return { $schema, title: "A slurmlab cluster", ...schema };
}
