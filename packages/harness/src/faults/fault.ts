import type { ClusterPlan } from "@slurmlab/config-gen";
import type { z } from "zod";
import type { Cluster } from "../cluster/cluster.ts";
import type { DaemonControl } from "../cluster/daemon-control.ts";
import type { Node } from "../cluster/node.ts";

/** What a fault works with. */
export interface FaultContext {
  readonly cluster: Cluster;
  /** The nodes that its `on` means; none for a fault without one. */
  readonly nodes: readonly Node[];
  readonly daemons: DaemonControl;
  /**
   * Registers what mends the next change, before that is made: it must bear that the change never happened. Mending goes
   * in reverse.
   */
  heals(title: string, mend: () => Promise<void>): void;
}

/** A branch of what `inject` takes, told apart by `fault`. Most have `on`: see `target.ts`. */
type FaultSchema = z.ZodObject<{ fault: z.ZodLiteral<string> } & z.core.$ZodLooseShape>;

/** Something that goes wrong in a real cluster, put into this one on purpose. */
export interface Fault<Name extends string = string, Schema extends FaultSchema = FaultSchema> {
  readonly name: Name;
  /** The first line of its reference: what is done, and what Slurm does then. */
  readonly summary: string;
  readonly schema: Schema;
  /** Whether it can be had of one of several nodes that share a machine: it touches that node's slurmd alone. */
  readonly ofOneSlurmd?: boolean;
  /** What the specification lacks for it, known before anything starts: bad input. */
  lacks?(input: z.output<Schema>, plan: ClusterPlan): string | undefined;
  /** Why it cannot be had on this machine; the scenario is then skipped with the reason. */
  unavailable?(input: z.output<Schema>, context: Omit<FaultContext, "heals">): Promise<string | undefined>;
  /** What is wrong while it is in: `c2 has another munge key`. */
  sentence(input: z.output<Schema>): string;
  inject(input: z.output<Schema>, context: FaultContext): Promise<void>;
}

/** Only there so that TypeScript infers a fault's types. */
export function defineFault<const Name extends string, Schema extends FaultSchema>(
  fault: Fault<Name, Schema>,
): Fault<Name, Schema> {
  return fault;
}
