import { compressHostlist } from "@slurmlab/config-gen";
import { scaleCluster } from "../../cluster/scale/scale.ts";
import { EXIT, LabError } from "../../errors/lab-error.ts";
import { terminal } from "../terminal.ts";
import { findCluster } from "./found.ts";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

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
    });
  const { engine, cluster } = await findCluster(options.cluster);
  const interrupt = new AbortController();
  const stop = (name: NodeJS.Signals) => {
    out.note(`${name}: the cluster is made what it was first`);
    interrupt.abort(new LabError({ kind: "interrupted", message: name }));
  };
  for (const name of SIGNALS) process.once(name, stop);
  try {
    const scaled = await scaleCluster(
      engine,
      cluster,
      { workers, like: options.like },
      {
        drain: options.drain ?? false,
        force: options.force ?? false,
        onProgress: out.note,
        signal: interrupt.signal,
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
