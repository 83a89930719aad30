#!/bin/bash
rm -rf --one-file-system "/local/job/$SLURM_JOB_ID"
exit 0
