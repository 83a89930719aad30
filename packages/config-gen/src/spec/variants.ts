/**
 * What workers and login nodes can have beside Slurm: `mpi`, Open MPI with PMIx and mpi4py; `torch`, PyTorch for CPUs;
 * `jupyter`, the notebook server; `apptainer`; `ssh`, an SSH server. Which release has which is up to its distribution.
 */
export const VARIANTS = ["mpi", "torch", "jupyter", "apptainer", "ssh"] as const;

export type Variant = (typeof VARIANTS)[number];
