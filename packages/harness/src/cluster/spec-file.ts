import type { ClusterPlan, ConfigFile } from "@slurmlab/config-gen";

/** On every node with slurmctld: the specification that the cluster was made of, for whoever finds the cluster later. */
export const SPEC_FILE = "/etc/slurmlab/spec.json";

/** The file; only root reads it, as a specification may have a password in it. */
export function specFile({ written, slurm }: ClusterPlan): ConfigFile {
  const spec = typeof written === "object" ? { ...written, slurm } : written;
  return {
    path: SPEC_FILE,
    content: `${JSON.stringify(spec)}\n`,
    owner: "root:root",
    mode: 0o600,
    secret: true,
    roles: ["slurmctld"],
  };
}
