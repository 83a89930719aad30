import {
  type ClusterPlan,
  type ConfigFile,
  controllersOf,
  stateOnNfs,
  stateSaveLocation,
} from "@slurmlab/config-gen";
import type { Engine } from "../engine/engine.ts";
import type { Labels } from "../engine/labels.ts";
import type { Undo } from "../errors/undo.ts";
import { SNAPSHOT_PATHS, type Snapshot } from "../snapshot/record.ts";
import { clusterNames } from "./names.ts";

/** The database server's data folder, whichever server it is. */
export const DATA_FOLDER = "/var/lib/mysql";

/** Makes the volumes that a cluster's nodes share or a snapshot has filled. Their end is registered before. */
export async function makeVolumes(
  engine: Engine,
  plan: ClusterPlan,
  options: {
    readonly id: string;
    readonly labels: Labels;
    readonly undo: Undo;
    readonly snapshot: Snapshot | undefined;
  },
): Promise<void> {
  const { id, labels, undo, snapshot } = options;
  const { home, state, database, container } = clusterNames(id);
  const wanted = [
    ["/home", home],
    ...(snapshot || controllersOf(plan).length > 1 || stateOnNfs(plan) ? [["StateSaveLocation", state]] : []),
    ...(snapshot?.record.database ? [["the database", database]] : []),
  ] as Array<[string, string]>;
  for (const [what, name] of wanted)
    undo.add(`remove the volume of ${what}`, () => engine.remove("volume", name));
  await Promise.all(wanted.map(([, name]) => engine.createVolume({ name, labels })));
  if (!snapshot) return;
  const filler = container("snapshot");
  undo.add("remove the container of the snapshot", () => engine.remove("container", filler));
  // The engine itself copies what an image has at a path into an empty volume that is mounted there, when it makes a container.
  await engine.createContainer({
    name: filler,
    hostname: "snapshot",
    image: snapshot.tag,
    labels,
    capabilities: [],
    volumes: {
      [SNAPSHOT_PATHS.home]: home,
      [SNAPSHOT_PATHS.state]: state,
      ...(snapshot.record.database ? { [SNAPSHOT_PATHS.database]: database } : {}),
    },
    entrypoint: ["none"],
  });
  await engine.remove("container", filler);
}

/** To whom folders belong that a snapshot has filled, or that come from the NFS server: user numbers differ from image to image. */
export function ownersFiles(plan: ClusterPlan, restored: boolean): ConfigFile[] {
  const file = (roles: ConfigFile["roles"], owner: string, path: string): ConfigFile => ({
    path: `/etc/slurmlab/owners.${owner}`,
    content: `${owner}:${owner} ${path}\n`,
    owner: "root:root",
    mode: 0o644,
    secret: false,
    roles,
  });
  return [
    ...(restored || stateOnNfs(plan) ? [file(["slurmctld"], "slurm", stateSaveLocation(plan))] : []),
    ...(restored ? [file(["database"], "mysql", DATA_FOLDER)] : []),
  ];
}
