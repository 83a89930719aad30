import type { ImageSet } from "@slurmlab/images";
import { clusterNames } from "../../src/cluster/names.ts";
import { createClusterNetwork } from "../../src/cluster/network.ts";
import type { Engine } from "../../src/engine/engine.ts";
import type { Labels } from "../../src/engine/labels.ts";

/** What Docker gives a container by itself: the image is started as `docker run` starts it. */
const BY_HAND = [
  "CHOWN",
  "DAC_OVERRIDE",
  "FOWNER",
  "FSETID",
  "KILL",
  "MKNOD",
  "SETGID",
  "SETPCAP",
  "SETUID",
  "SYS_CHROOT",
];

/** All daemons in one container, with one worker: as bare as Slurm can run on this engine. */
export interface Bare extends AsyncDisposable {
  /** Runs a script that must succeed; resolves to what it printed. */
  run(script: string, signal: AbortSignal): Promise<string>;
}

/** Starts it; the daemons come up by themselves behind that. */
export async function startBare(
  engine: Engine,
  options: { id: string; labels: Labels; images: ImageSet; env?: Readonly<Record<string, string>> },
): Promise<Bare> {
  const { id, labels, images, env = {} } = options;
  const names = clusterNames(id);
  const container = names.container("bare");
  const remove = async () => {
    await engine.remove("container", container);
    await engine.remove("network", names.network);
  };
  try {
    const network = await createClusterNetwork(engine, { name: names.network, labels, nodes: ["bare"] });
    await engine.createContainer({
      name: container,
      hostname: "bare",
      image: images.tags["single-node"],
      env,
      labels,
      network: { name: names.network, address: network.addresses.bare ?? "" },
      capabilities: BY_HAND,
    });
    await engine.startContainer(container);
  } catch (error) {
    await remove();
    throw error;
  }
  return {
    async run(script, signal) {
      const { code, stdout, stderr } = await engine.exec(container, ["bash", "-c", script], { signal });
      if (code !== 0) throw new Error(`the bare daemons: ${stderr || stdout}`);
      return stdout;
    },
    [Symbol.asyncDispose]: remove,
  };
}
