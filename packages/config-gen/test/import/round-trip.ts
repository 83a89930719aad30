import {
  type ClusterPlan,
  essenceOf,
  importSite,
  type PlanResult,
  planCluster,
  readSite,
  renderBundle,
  type Site,
  type SiteFiles,
} from "../../src/index.ts";
import { filesOf } from "../read/corpus.ts";
import { FAKE_SECRETS, groundFor } from "../support/specs.ts";

const FOLDER = "/etc/slurm/";

/** What stands in /etc/slurm of a cluster, but its keys. */
export function renderedFiles(plan: ClusterPlan): SiteFiles {
  const bundle = renderBundle(plan, groundFor(plan, "v1"), FAKE_SECRETS);
  const texts = bundle.flatMap(({ path, content }) =>
    path.startsWith(FOLDER) && typeof content === "string" ? [[path.slice(FOLDER.length), content]] : [],
  );
  return filesOf(Object.fromEntries(texts) as Record<string, string>);
}

/** A site that is one; what a renderer has written always is. */
export function read(files: SiteFiles, slurm: string): Site {
  const { site, problems } = readSite(files, slurm);
  if (!site) throw new Error(problems.map(({ message }) => message).join("\n"));
  return site;
}

/** The plan of the exact import. */
export function planOfImport(site: Site): PlanResult {
  return planCluster(importSite(site).spec, { defaultSlurm: site.slurm });
}

/** What a site means, and what its import means once it is rendered; undefined when the import does not plan. */
export function roundTrip(site: Site): { before: unknown; after: unknown } | undefined {
  const result = planOfImport(site);
  if (!result.ok) return undefined;
  return {
    before: essenceOf(site),
    after: essenceOf(read(renderedFiles(result.plan), site.slurm)),
  };
}
