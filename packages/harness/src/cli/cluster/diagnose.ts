import { join } from "node:path";
import { saveEvidence } from "../../evidence/collect.ts";
import { logFiles, readClusterFiles } from "../../evidence/node-files.ts";
import { diagnose } from "../../report/diagnosis.ts";
import { environment } from "../../report/environment.ts";
import { shownFiles } from "../../report/record.ts";
import { tellDiagnosis } from "../diagnosis.ts";
import { OUTPUT_FOLDER, VERSION } from "../project.ts";
import { terminal } from "../terminal.ts";
import { findCluster } from "./found.ts";

/** Works from labels, so on half a cluster and on one whose run is dead. */
export async function diagnoseCluster(id: string | undefined, options: { json?: boolean }): Promise<number> {
  const out = terminal(options);
  const { engine, line, cluster } = await findCluster(id);
  const nodes = await readClusterFiles(engine, cluster.id);
  const evidence = join(OUTPUT_FOLDER, "diagnoses", cluster.id);
  await saveEvidence(engine, nodes, evidence);
  out.note(`evidence       ${evidence}\n`);
  const diagnosis = diagnose(cluster.id, logFiles(nodes), {
    configuration: shownFiles(nodes),
    environment: { ...environment(VERSION), "container engine": line, Slurm: cluster.slurm },
    repeat: `pnpm cluster diagnose ${cluster.id}`,
  });
  return await tellDiagnosis(diagnosis, options, out);
}
