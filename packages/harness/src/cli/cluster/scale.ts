import { compressHostlist } from "@slurmlab/config-gen";
import { scaleCluster } from "../../cluster/scale/scale.ts";
import { EXIT, LabError } from "../../errors/lab-error.ts";
import { Undo } from "../../errors/undo.ts";
import { SIGNALS } from "../interrupt.ts";
import { terminal } from "../terminal.ts";
import { findCluster } from "./found.ts";
import { ScaleInterrupt } from "./scale-interrupt.ts";

export interface ScaleCommandOptions {
  readonly cluster?: string;
  readonly like?: string;
  readonly drain?: boolean;
  readonly force?: boolean;
  readonly json?: boolean;
}

/** `cluster scale WORKERS`. */
export async function scale(workers: string, options: ScaleCommandOptions): Promise<number> {
  const out = terminal(options);
  if (options.drain && options.force)
    throw new LabError({
      kind: "bad-input",
      message: "--drain waits for jobs, and --force does not",
      expected: "one of the two",
      seen: "both",
      where: "command line",
      hint: "--drain loses no job; --force does not wait",
    });
  const { engine, cluster } = await findCluster(options.cluster);
  const undo = new Undo();
  const interrupt = new ScaleInterrupt({ id: cluster.id, undo, note: out.note, exit: process.exit });
  const stop = (name: NodeJS.Signals) => interrupt.onSignal(name);
  for (const name of SIGNALS) process.on(name, stop);
  try {
    const scaled = await scaleCluster(
      engine,
      cluster,
      { workers, like: options.like },
      {
        drain: options.drain ?? false,
        force: options.force ?? false,
        onProgress: out.note,
        undo,
        signal: interrupt.signal,
        onChanged: () => interrupt.changed(),
      },
    );
    const said = ["added", "removed"] as const;
    const parts = said
      .filter((what) => scaled[what].length > 0)
      .map((what) => `${what} ${compressHostlist(scaled[what])}`);
    if (options.json) out.print(JSON.stringify({ cluster: cluster.id, ...scaled }, null, 2));
    else
      out.print(
        `${cluster.id}: ${parts.join(", ") || "nothing to change"}; workers ${compressHostlist(scaled.workers)}`,
      );
    return EXIT.ok;
  } finally {
    for (const name of SIGNALS) process.off(name, stop);
  }
}
