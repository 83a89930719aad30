import type { FakeEngine, Program } from "./fake-engine.ts";

/** When every job was submitted, started and ended. */
const TIMES = ["2026-01-01T00:00:00", "2026-01-01T00:00:00", "2026-01-01T00:00:01"] as const;

/** A job as `scontrol -o show job` prints it. */
function shown(id: string): string {
  const times = `StartTime=${TIMES[1]} EndTime=${TIMES[2]}`;
  return `JobId=${id} JobName=x JobState=COMPLETED Reason=None Restarts=0 ExitCode=0:0 ${times}\n`;
}

/** A healthy Slurm as far as the harness asks: nodes IDLE, a registered cluster, jobs that end well at once. */
function fakeSlurm(workers: readonly string[], more: Program = () => undefined): Program {
  let nextJob = 2;
  const submitted = () => Array.from({ length: nextJob - 2 }, (_, i) => String(i + 2));
  return async (call) => {
    const own = await more(call);
    if (own) return own;
    const [program, ...args] = call.argv;
    const line = call.argv.join(" ");
    if (line.startsWith("scontrol -o show node")) {
      return { stdout: workers.map((name) => `NodeName=${name} Arch=x86_64 State=IDLE Weight=1\n`).join("") };
    }
    if (line === "scontrol -o show job") return { stdout: submitted().map(shown).join("") };
    if (line.startsWith("scontrol -o show job")) return { stdout: shown(args.at(-1) ?? "") };
    if (line === "scontrol show config") return { stdout: `NEXT_JOB_ID             = ${nextJob}\n` };
    if (line.endsWith("show runawayjobs"))
      return { stdout: "Runaway Jobs: No runaway jobs found on cluster lab\n" };
    if (program === "sdiag") return { stdout: "DBD Agent queue size: 0\n" };
    if (line.endsWith("/.slurmlab-started"))
      return {
        stdout: submitted()
          .map((id) => `${id} 0\n`)
          .join(""),
      };
    if (program === "sacctmgr") return { stdout: "lab|10.213.0.10\n" };
    if (program === "sacct" && args.includes("-D")) {
      return {
        stdout: submitted()
          .map((id) => `${id}|${id}|COMPLETED|0:0|${TIMES.join("|")}\n`)
          .join(""),
      };
    }
    if (program === "sacct") {
      const ids = (args[args.indexOf("-j") + 1] ?? "").split(",");
      return {
        stdout: ids
          .map((id) => `${id}|COMPLETED|0:0|billing=1,cpu=1,mem=100,node=1|${TIMES.at(-1)}\n`)
          .join(""),
      };
    }
    if (program === "srun") return { stdout: "1\n" };
    if (program === "sbatch") return { stdout: `${nextJob++}\n` };
    return undefined;
  };
}

export function healthy(engine: FakeEngine, workers: readonly string[], more?: Program): FakeEngine {
  engine.program = fakeSlurm(workers, more);
  return engine;
}
