import { planCluster, renderBundle } from "@slurmlab/config-gen";
import type { ContextFile } from "./files.ts";

/** Stands for the container's own host name, which is not known before it runs. */
const HOST_PLACEHOLDER = "single-node-host";

/** Stands for the database's password, which each container makes for itself. */
const PASSWORD_PLACEHOLDER = "madeAtStart";

const FOLDER = "single-node/etc/slurmlab/single-node";

/** The configuration of a machine that is a whole cluster. The image's own start script puts in what is known only then. */
export function singleNodeFiles(slurm: string): ContextFile[] {
  const planned = planCluster(
    {
      nodes: [
        {
          name: HOST_PLACEHOLDER,
          roles: ["slurmctld", "slurmdbd", "database", "slurmd", "login"],
          cpus: 1,
          memory: "1G",
        },
      ],
    },
    { defaultSlurm: slurm },
  );
  if (!planned.ok) throw new Error(planned.problems.map((problem) => problem.message).join("; "));
  const none = new Uint8Array();
  const secrets = { mungeKey: none, jwtKey: none, slurmKey: none, databasePassword: PASSWORD_PLACEHOLDER };
  const bundle = renderBundle(planned.plan, { cgroup: "none", gpus: {} }, secrets).filter(
    (file) => typeof file.content === "string",
  );
  const manifest = bundle.map((file) => `${file.owner} ${file.mode.toString(8)} ${file.path}\n`).join("");
  return [
    ...bundle.map((file) => textFile(`files${file.path}`, String(file.content))),
    textFile("manifest", manifest),
  ];
}

function textFile(path: string, content: string): ContextFile {
  return { path: `${FOLDER}/${path}`, content: Buffer.from(content), executable: false };
}
