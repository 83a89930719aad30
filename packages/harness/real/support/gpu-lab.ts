import { randomBytes } from "node:crypto";
import { type ClusterPlan, renderBundle, workersOf } from "@slurmlab/config-gen";
import { filesFor, nodeTar } from "../../src/cluster/files.ts";
import { decideGpus } from "../../src/cluster/gpus.ts";
import { mockGpuState } from "../../src/cluster/mock-gpu-state.ts";
import { COMMON_CAPABILITIES } from "../../src/cluster/roles.ts";
import { newSecrets } from "../../src/cluster/secrets.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { LABEL } from "../../src/engine/labels.ts";

const MAJOR = 195;

/** One GPU, or those that share a line: `gpu:a100 /dev/nvidia[0-1]`. */
export interface FoundGres {
  readonly name: string;
  /** Undefined where Slurm knows none. */
  readonly type: string | undefined;
  readonly count: number;
  readonly file: string;
}

/**
 * What slurmd finds on the first worker of a plan, by itself (`slurmd -G`): a container with the worker's own files and
 * mock GPUs, and no cluster around it.
 */
export async function gresFound(
  engine: Engine,
  image: string,
  plan: ClusterPlan,
): Promise<{ found: FoundGres[]; log: string }> {
  const [node] = workersOf(plan);
  if (!node) throw new Error("the plan has no worker");
  const facts = { mockGpus: { major: MAJOR }, hostGpus: [], realGpus: { why: "" }, undetectable: {} };
  const gpus = decideGpus(plan, facts)?.gpus ?? {};
  const share = gpus[node.name] ?? [];
  const minors = share.flatMap((gpu) => gpu.minors);
  const name = `slurmlab-gres-${randomBytes(3).toString("hex")}`;
  try {
    const container = await engine.createContainer({
      name,
      hostname: node.name,
      image,
      labels: { [LABEL.tool]: "test" },
      // -G asks for no one, but slurmd does not start without knowing the controller's address.
      hosts: Object.fromEntries(plan.nodes.map((other) => [other.name, "127.0.0.1"])),
      capabilities: [...COMMON_CAPABILITIES, "SYS_ADMIN", "MKNOD"],
      mounts: true,
      deviceRules: [...minors, 255].map((minor) => `c ${MAJOR}:${minor} rwm`),
      env: {
        SLURMLAB_DAEMONS: "munged",
        SLURMLAB_GPU_MAJOR: String(MAJOR),
        SLURMLAB_GPU_MINORS: minors.join(" "),
        SLURMLAB_GPU_DETECTION: plan.gpuDetection,
      },
    });
    // 22.05 wants to be told of cgroups; 24.11 would go on to make some, and is told that there are none.
    const cgroup = plan.slurm >= "24" ? "none" : "v1";
    const files = filesFor(node, renderBundle(plan, { cgroup, gpus }, newSecrets()));
    await engine.putFiles(container, nodeTar(files, [], [mockGpuState(node.name, share)]));
    await engine.startContainer(container);
    const run = async (...argv: string[]) => {
      const { code, stdout, stderr } = await engine.exec(container, argv);
      if (code !== 0) throw new Error(`${argv.join(" ")}: ${code} ${stderr} ${stdout}`);
      return stdout + stderr;
    };
    // From 24.11 on slurmd wants munged even for this; the node starts it when its GPUs are there.
    await run("/usr/lib/slurmlab/start", "60", "munged", "/run/munge/munge.socket.2");
    const log = await run("slurmd", "-G");
    return { found: parseGres(log), log };
  } finally {
    await engine.remove("container", name);
  }
}

/** `slurmd-g1: Gres Name=gpu Type=a100 Count=1 Index=0 ID=7696487 File=/dev/nvidia0 ...` */
function parseGres(log: string): FoundGres[] {
  const lines = log.matchAll(/ Gres Name=(\w+) Type=(\S+) Count=(\d+) .*?File=(\S+)/g);
  return [...lines].map(([, name = "", type, count, file = ""]) => ({
    name,
    type: type === "(null)" ? undefined : type,
    count: Number(count),
    file,
  }));
}
