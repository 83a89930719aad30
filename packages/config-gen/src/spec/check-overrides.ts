import { findKey, keyHistory, knowledgeOf } from "../knowledge/knowledge.ts";
import { nearest } from "../nearest.ts";
import type { Problems } from "./problems.ts";
import type { ClusterSpec } from "./schema.ts";

/**
 * Keys that the release does not know: its daemons would not start. Only where slurmlab writes the files: a site's are
 * copied as they stand, mistakes and all, and lint says what is wrong with those.
 */
export function checkOverrides(spec: ClusterSpec, slurm: string, problems: Problems): void {
  const knowledge = knowledgeOf(slurm);
  if (!knowledge || spec.defaults === "slurm") return;
  for (const [file, keys] of Object.entries(spec.overrides)) {
    for (const [key, value] of Object.entries(keys ?? {})) {
      // To leave a key out is right in every release.
      if (value === null || findKey(knowledge, file, "", key)) continue;
      const message = `Slurm ${slurm} knows no ${key} in ${file}`;
      const others = keyHistory(file, "", key).in;
      const near = nearest(key, Object.keys(knowledge.files[file]?.[""] ?? {}));
      const hint = others.length > 0 ? `Slurm ${others.join(", ")} does` : near && `did you mean "${near}"?`;
      problems.add(`overrides.${file}.${key}`, message, hint);
    }
  }
}
