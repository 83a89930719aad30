import type { z } from "zod";
import type { FAULTS } from "../../../src/faults/index.ts";
import type { FaultLab } from "../fault-lab.ts";

type Input = z.input<(typeof FAULTS)[number]["schema"]>;

export interface Symptom {
  readonly input: Input;
  /** What can be seen while the fault is in, as Slurm, munge, MariaDB and the kernel say it. */
  readonly shows: (lab: FaultLab) => Promise<unknown>;
  /** That it cannot be seen any more; that nodes are IDLE and nothing has crashed is looked at for every fault. */
  readonly mended?: (lab: FaultLab) => Promise<unknown>;
  /** What is an administrator's to do before nodes can be IDLE. */
  readonly administer?: (lab: FaultLab) => Promise<unknown>;
}

/** Connects to a port; `exit 124` when nobody answers within two seconds. */
export const connects = (node: string, port: number) => [
  "timeout",
  "2",
  "bash",
  "-c",
  `exec 3<>/dev/tcp/${node}/${port}`,
];
