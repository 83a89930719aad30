import v20_11 from "./data/20.11.json" with { type: "json" };
import v22_05 from "./data/22.05.json" with { type: "json" };
import v24_11 from "./data/24.11.json" with { type: "json" };
import v26_05 from "./data/26.05.json" with { type: "json" };
import type { SlurmKnowledge } from "./knowledge.ts";

/** One line a release, oldest first; `extract/README.md` says how to make the data of another. */
export const DATA: readonly SlurmKnowledge[] = [v20_11, v22_05, v24_11, v26_05].map(
  // JSON knows strings only; `knowledge.test.ts` holds every word to the types.
  (data) => data as unknown as SlurmKnowledge,
);

/** The releases that something is known of, oldest first. */
export const RELEASES: readonly string[] = DATA.map((knowledge) => knowledge.slurm);
