import type { FakeEngine, Program } from "./fake-engine.ts";

/** A healthy Slurm as far as the harness asks: nodes IDLE, a registered cluster, jobs that end well at once. */
function fakeSlurm(workers: readonly string[], more: Program = () => undefined): Program {
  let nextJob = 2;
  return async (call) => {
    const own = await more(call);
    if (own) return own;
    const [program, ...args] = call.argv;
    const line = call.argv.join(" ");
    if (line.startsWith("scontrol -o show node")) {
      return { stdout: workers.map((name) => `NodeName=${name} Arch=x86_64 State=IDLE Weight=1\n`).join("") };
    }
    if (line.startsWith("scontrol -o show job")) {
      return { stdout: `JobId=${args.at(-1)} JobName=x JobState=COMPLETED Reason=None ExitCode=0:0\n` };
    }
    if (program === "sacctmgr") return { stdout: "lab|10.213.0.10\n" };
    if (program === "sacct") {
      const ids = (args[args.indexOf("-j") + 1] ?? "").split(",");
      return { stdout: ids.map((id) => `${id}|COMPLETED|0:0|billing=1,cpu=1,mem=100,node=1\n`).join("") };
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
