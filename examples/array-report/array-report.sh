#!/bin/bash
# array-report.sh INDICES COMMAND: runs COMMAND as a Slurm job array and reports the tasks that did not complete.
#
#   array-report.sh 0-9 './simulate --case $SLURM_ARRAY_TASK_ID'
#
# Prints a line for each such task: index, state and exit code. Exit codes: 0 all completed, 1 some did not, 2 Slurm
# refused the array or tells nothing of its end.
set -euo pipefail

[[ $# -eq 2 ]] || { echo "usage: array-report.sh INDICES COMMAND" >&2; exit 2; }

# With --wait sbatch ends as the tasks did, so only a missing id says that it was refused.
job=$(sbatch --parsable --wait --array="$1" --output='array-report-%A_%a.out' --wrap "$2") || true
[[ -n $job ]] || exit 2

# Accounting is told a moment after sbatch is. A row of tasks that have not started has brackets in its index.
for _ in {1..60}; do
  rows=$(sacct --allocations --noheader --parsable2 --jobs="$job" --format=JobID,State,ExitCode)
  [[ -n $rows ]] && ! grep -qE '\[|PENDING|RUNNING|COMPLETING' <<< "$rows" && break
  rows=
  sleep 0.5
done
[[ -n $rows ]] || { echo "job $job ended, and accounting does not have all of it" >&2; exit 2; }

awk -F'|' '$2 != "COMPLETED" { sub(/^[0-9]+_/, "", $1); print $1, $2, $3; failed = 1 } END { exit failed }' <<< "$rows"
