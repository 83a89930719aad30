/** Slurm's own MAX_ARRAY_LEN: MaxArraySize cannot be larger, so that no release takes more tasks, or a larger number. */
const MOST_TASKS = 4_000_001;

/**
 * The task numbers of a job array, as `sbatch --array` and sacct's JobID write them: `0-3`, `1,5-7`, `0-10:5`, `0-9%2`.
 * Undefined for anything else.
 */
export function arrayTasks(spec: string): number[] | undefined {
  const parts = spec.replace(/%\d+$/, "").split(",");
  const tasks = parts.map((part) => {
    const [, first, last = first, step = "1"] = /^(\d+)(?:-(\d+)(?::(\d+))?)?$/.exec(part) ?? [];
    if (first === undefined || Number(step) < 1 || Number(last) < Number(first)) return undefined;
    if (Number(last) >= MOST_TASKS) return undefined;
    const count = Math.floor((Number(last) - Number(first)) / Number(step)) + 1;
    return Array.from({ length: count }, (_, i) => Number(first) + i * Number(step));
  });
  return tasks.every((each) => each !== undefined) ? tasks.flat() : undefined;
}
