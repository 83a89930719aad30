#!/bin/bash
# A directory of the job on the local disk.
mkdir -p "/local/job/$SLURM_JOB_ID" && chown "$SLURM_JOB_USER" "/local/job/$SLURM_JOB_ID"
exit 0
