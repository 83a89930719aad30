import type { ImageSet } from "@slurmlab/images";
import { clusterNames } from "../../src/cluster/names.ts";
import { createClusterNetwork } from "../../src/cluster/network.ts";
import type { ContainerSpec, Engine } from "../../src/engine/engine.ts";
import type { Labels } from "../../src/engine/labels.ts";
import { startBare } from "../support/bare.ts";
import { timed } from "../support/measure.ts";

/**
 * What `awaitReady` waits for, looked at from within each 20 ms: a worker IDLE, the cluster registered, a job COMPLETED in
 * sacct. Not before slurmctld answers: a command without a configuration looks for one in the DNS.
 */
const READY = `
until { :; } 2> /dev/null 3<> "/dev/tcp/$(hostname -s)/6817"; do sleep 0.02; done
until [ "$(sinfo -h -N -o %T 2> /dev/null)" = idle ]; do sleep 0.02; done
until sacctmgr -n -P show cluster format=controlhost | grep -q .; do sleep 0.02; done
job=$(srun printenv SLURM_JOB_ID)
until [ "$(sacct -n -P -X -j "$job" -o state)" = COMPLETED ]; do sleep 0.02; done
`;

/** Milliseconds of a start and of its removal. */
export interface UpAndDown {
  readonly up: number;
  readonly down: number;
}

/** A network, and as many containers on it as the cluster has nodes, of the same images, in which nothing runs. */
export async function emptyContainers(
  engine: Engine,
  { id, labels, images }: { id: string; labels: Labels; images: Readonly<Record<string, string>> },
): Promise<UpAndDown> {
  const names = clusterNames(id);
  const nodes = Object.keys(images);
  let down = Number.NaN;
  const remove = async () => {
    await Promise.all(nodes.map((node) => engine.remove("container", names.container(node))));
    await engine.remove("network", names.network);
  };
  try {
    const up = await timed(async () => {
      const { addresses } = await createClusterNetwork(engine, { name: names.network, labels, nodes });
      await Promise.all(
        nodes.map(async (node) => {
          const spec: ContainerSpec = {
            name: names.container(node),
            hostname: node,
            image: images[node] ?? "",
            labels,
            network: { name: names.network, address: addresses[node] ?? "" },
            capabilities: [],
            entrypoint: ["tini", "--", "sleep", "600"],
          };
          await engine.startContainer(await engine.createContainer(spec));
        }),
      );
    });
    down = await timed(remove);
    return { up, down };
  } finally {
    if (Number.isNaN(down)) await remove();
  }
}

/** Milliseconds from the start of a container with all daemons in it to what a cluster calls ready; one worker. */
export async function bareDaemons(
  engine: Engine,
  options: { id: string; labels: Labels; images: ImageSet },
): Promise<number> {
  await using bare = await startBare(engine, options);
  return await timed(() => bare.run(READY, AbortSignal.timeout(120_000)));
}
