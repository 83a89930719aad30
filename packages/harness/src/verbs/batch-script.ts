/** Where jobs say that they have started, in their user's home. */
export const STARTED_FILE = ".slurmlab-started";

/** The file in the user's home whose coming ends a job that stays. */
export function finishFile(jobId: string): string {
  return `.slurmlab-finish-${jobId}`;
}

/**
 * Writes `JOBID RESTARTS` once for every start of the script, so that the ledger can tell how often it really ran. The
 * id is that of sacct's JobIDRaw. It says nothing and never fails, whatever becomes of /home.
 */
const MARKER = `{ echo "$SLURM_JOB_ID \${SLURM_RESTART_COUNT:-0}" >> ~/${STARTED_FILE}; } 2> /dev/null || :`;

const STAY = `until [ -e ~/${finishFile("$SLURM_JOB_ID")} ]; do sleep 0.2; done`;

/** A batch script as sbatch gets it. Pure. */
export interface BatchScript {
  readonly text: string;
  /** Whether it marks its starts: a script for another interpreter than a shell is left as it is. */
  readonly marked: boolean;
}

/**
 * Makes a script of what a scenario gives: a body, or a whole script with its `#!` line. The marker goes behind the
 * comments at the top, where sbatch looks for #SBATCH lines until the first command.
 */
export function batchScript(run: string, options: { readonly stays?: boolean } = {}): BatchScript {
  const script = run.startsWith("#!") ? run : `#!/bin/bash\n${run}`;
  const lines = script.replace(/\n$/, "").split("\n");
  if (!/^#!\s*(\S*\/)?(env\s+)?(ba|da|z|k)?sh\b/.test(script)) return { text: script, marked: false };
  const commands = lines.findIndex((line, i) => i > 0 && !/^\s*(#|$)/.test(line));
  const top = commands === -1 ? lines.length : commands;
  const all = [...lines.slice(0, top), MARKER, ...lines.slice(top), ...(options.stays ? [STAY] : [])];
  return { text: `${all.join("\n")}\n`, marked: true };
}
