import type { Node } from "../cluster/node.ts";
import type { Daemon } from "../cluster/roles.ts";

/** Daemons that keep something on a disk. */
export const STORING = ["slurmctld", "slurmd", "slurmdbd", "mariadbd"] as const satisfies ReadonlyArray<
  Daemon["name"]
>;

/** The tracer is a grandchild (-D), so that signals of the supervisor reach the daemon; it follows threads and children. */
const STRACE = ["strace", "-D", "-f", "-qq", "-o", "/dev/null"];

/** Changes a service so that its daemon runs with these system calls tampered with: see strace(1), --inject. */
export function straced(inject: string): (run: string) => string {
  const [calls] = inject.split(":");
  const words = [...STRACE, "-e", `trace=${calls}`, "-e", `inject=${inject}`];
  const tracer = words.map((word) => `'${word}'`).join(" ");
  // Behind chpst: who traces must be whom it traces.
  return (run) => run.replace(/^exec (chpst -u \S+ )?(?=slurm|"\$server")/m, (exec) => `${exec}${tracer} `);
}

/** Lets a daemon, and what it has started, go on untampered: a tracer that is told to end leaves those that it traces alone. */
export async function untraced(node: Node, daemon: Daemon["name"]): Promise<void> {
  const names = daemon === "mariadbd" ? "(mariadbd|mysqld)" : daemon;
  // 1: there is no tracer.
  await node.exec(["pkill", "-TERM", "-f", `^strace .*${names}`], { beside: daemon });
}

/** Why daemons cannot be traced: an image without strace, or a kernel that forbids it. */
export async function tracingUnavailable(nodes: readonly Node[]): Promise<string | undefined> {
  for (const node of nodes) {
    const { code, stderr } = await node.exec([...STRACE, "-e", "trace=fsync", "true"]);
    if (code !== 0)
      return `system calls of ${node.name} cannot be traced: ${stderr.trim() || `exit code ${code}`}`;
  }
  return undefined;
}
