#!/bin/sh
# After a job: leave no shared memory behind.
find /dev/shm -user "$SLURM_JOB_USER" -delete
exit 0
