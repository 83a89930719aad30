/** Where the generated files go, in one place: images, daemons and tests use these. */
export const PATHS = {
  slurmConf: "/etc/slurm/slurm.conf",
  gresConf: "/etc/slurm/gres.conf",
  cgroupConf: "/etc/slurm/cgroup.conf",
  slurmdbdConf: "/etc/slurm/slurmdbd.conf",
  jwtKey: "/etc/slurm/jwt_hs256.key",
  mungeKey: "/etc/munge/munge.key",
  databaseInit: "/etc/slurmlab/database.sql",
} as const;
