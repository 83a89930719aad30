#!/bin/sh
# Tells the fabric manager which nodes belong together.
/usr/sbin/fabric-tell add "$SLURM_JOB_ID" "$SLURM_JOB_NODELIST"
exit 0
