import type { Engine, Owned } from "../../engine/engine.ts";
import { LABEL, ownerOf, ownerState } from "../../engine/labels.ts";
import { LabError } from "../../errors/lab-error.ts";
import { clusterNames } from "../names.ts";
import type { FoundCluster } from "../sweep.ts";

/**
 * Keeps two scales of one cluster apart: an engine gives a container's name once, so who has made the container of this name, which is
 * never started, has the cluster's workers to himself until `release`. It goes with the rest of the cluster; one that a scale has left
 * which was killed is taken over.
 */
export async function claimWorkers(
  engine: Engine,
  { id, parts }: FoundCluster,
  cannot: string,
): Promise<{ release(): Promise<void> }> {
  const name = clusterNames(id).container("scale");
  const node = parts.find(({ kind, labels }) => kind === "container" && labels[LABEL.node]);
  if (!node)
    throw new LabError({
      kind: "bad-input",
      message: cannot,
      expected: "a cluster with nodes",
      seen: "no container of a node",
      where: id,
      hint: `pnpm cluster down ${id} removes what there is; pnpm cluster up starts another one`,
    });
  const { Config } = (await engine.inspectContainer(node.id)) as { Config?: { Image?: string } };
  const make = () =>
    engine.createContainer({
      name,
      hostname: "scale",
      image: Config?.Image ?? "",
      // Those of the network are the cluster's alone.
      labels: {
        ...parts.find(({ kind }) => kind === "network")?.labels,
        [LABEL.tool]: node.labels[LABEL.tool] ?? "",
        [LABEL.cluster]: id,
        [LABEL.scale]: ownerOf(process.pid),
      },
      capabilities: [],
    });
  const holder = async () => (await engine.listOwned()).find((owned) => owned.name === name);
  try {
    return releasing(engine, await make());
  } catch (error) {
    const before = await holder();
    if (!before) throw error;
    if (ownerState(before.labels[LABEL.scale] ?? "") !== "dead") throw held(before, id, cannot, error);
    // By its id: whoever has taken it over meanwhile has made another one.
    await engine.remove("container", before.id);
  }
  try {
    return releasing(engine, await make());
  } catch (error) {
    const other = await holder();
    throw other ? held(other, id, cannot, error) : error;
  }
}

function releasing(engine: Engine, claim: string): { release(): Promise<void> } {
  return { release: () => engine.remove("container", claim) };
}

function held({ name, labels }: Owned, id: string, cannot: string, cause: unknown): LabError {
  return new LabError({
    kind: "bad-input",
    message: cannot,
    expected: "one change of its workers at a time",
    seen: `another one goes on, by ${labels[LABEL.scale] ?? "a process that does not say who it is"}`,
    where: `container ${name}`,
    hint: `run it again when that has ended; what a change on a machine that is gone has left goes with pnpm cluster down ${id}`,
    cause,
  });
}
