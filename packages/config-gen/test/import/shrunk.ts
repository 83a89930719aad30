import {
  formatNote,
  type HookMode,
  knowledgeOf,
  lintSite,
  planCluster,
  readSite,
  type SiteFiles,
  type SlurmKnowledge,
  shrinkSite,
} from "../../src/index.ts";
import { filesOf } from "../read/corpus.ts";

/** What is known of a release that something is known of. */
export function known(slurm: string): SlurmKnowledge {
  const knowledge = knowledgeOf(slurm);
  if (!knowledge) throw new Error(`nothing is known of ${slurm}`);
  return knowledge;
}

/** A folder as the command line shrinks it, with all that there is to ask about. */
export function shrunk(files: SiteFiles, slurm: string, nodes: number, hooks: HookMode = "auto") {
  const { site } = readSite(files, slurm);
  if (!site) throw new Error("there is no slurm.conf");
  const problems = lintSite(files, known(slurm));
  const { spec, notes } = shrinkSite(site, { nodes, hooks, problems, knowledge: known(slurm) });
  return {
    site,
    spec,
    notes,
    told: notes.map(formatNote),
    result: planCluster(spec, { defaultSlurm: slurm }),
  };
}

/** A small site's files shrunk for 24.11; what does not plan is an error of the test. */
export function shrink(texts: Record<string, string> | string, nodes = 2, hooks: HookMode = "auto") {
  const files = filesOf(typeof texts === "string" ? { "slurm.conf": texts } : texts);
  const { spec, notes, result } = shrunk(files, "24.11", nodes, hooks);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  const told = (what: string) => notes.filter((note) => note.what === what).map(({ why }) => why);
  return { spec, told, main: spec.overrides?.["slurm.conf"] ?? {} };
}

/** What every slurm.conf of these tests starts with. */
export const BASE = "ClusterName=c\nSlurmctldHost=h\nSlurmUser=slurm\n";
