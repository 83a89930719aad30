#!/bin/bash
# Takes the job's directory away again.
rm -rf --one-file-system "/local/job/$SLURM_JOB_ID"
exit 0
