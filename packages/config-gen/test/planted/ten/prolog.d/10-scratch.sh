#!/bin/bash
# A directory of its own for each job on the local disk.
set -e
dir="/local/job/$SLURM_JOB_ID"
mkdir -p "$dir"
chown "$SLURM_JOB_USER" "$dir"
chmod 700 "$dir"
