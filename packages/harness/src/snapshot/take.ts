import { controllersOf, databaseName, databaseUser, isSecret, stateSaveLocation } from "@slurmlab/config-gen";
import type { FoundCluster } from "../cluster/sweep.ts";
import { DATA_FOLDER } from "../cluster/volumes.ts";
import type { Engine } from "../engine/engine.ts";
import { LabError } from "../errors/lab-error.ts";
import { Undo } from "../errors/undo.ts";
import { parseNodeState, parseRecords } from "../slurm/records.ts";
import { type AttachedCluster, type AttachedNode, attach } from "./attach.ts";
import { type FolderTar, mergeTars } from "./merge-tars.ts";
import {
  checkSnapshotName,
  SNAPSHOT_PATHS,
  type SnapshotRecord,
  snapshotTag,
  writeRecord,
} from "./record.ts";

export interface TakeOptions {
  readonly name: string;
  /** In place of a snapshot of this name. */
  readonly force: boolean;
  /** Although jobs run: a cluster of the snapshot will have lost them, as after a loss of power. */
  readonly whileJobsRun: boolean;
  readonly onProgress: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Longest that a daemon may take to end or to answer: slurmdbd finishes its queries first, a database writes its pages. */
const SECONDS = "60";

type Facts = Pick<SnapshotRecord, "nodes" | "jobs" | "database">;

/**
 * Saves what Slurm knows, and /home, as an image: accounts, finished jobs, reservations, the queue. Keys and passwords stay behind.
 *
 * slurmctld, slurmdbd and the database are stopped meanwhile, so that what is copied belongs together, and started again
 * whatever happens. Jobs that run go on.
 */
export async function takeSnapshot(
  engine: Engine,
  found: FoundCluster,
  options: TakeOptions,
): Promise<SnapshotRecord> {
  const { name, onProgress } = options;
  checkSnapshotName(name);
  const tag = snapshotTag(name);
  if (!options.force && (await engine.hasImage(tag)))
    throw new LabError({
      kind: "bad-input",
      message: `there is a snapshot "${name}" already`,
      expected: "a name of its own",
      hint: "--force takes this one in its place",
    });
  const cluster = await attach(engine, found);
  refuseSecrets(cluster);
  const facts = await factsOf(cluster, options);
  const undo = new Undo();
  const [saved] = await Promise.allSettled([save(engine, cluster, { ...options, tag, facts }, undo)]);
  onProgress("starting the daemons again");
  const left = await undo.run();
  if (left.length > 0)
    throw new LabError({
      kind: "broken",
      message: `the cluster ${cluster.id} is not as it was`,
      seen: left.join("\n"),
      hint: `pnpm cluster logs --cluster ${cluster.id}`,
      ...(saved.status === "rejected" ? { cause: saved.reason } : {}),
    });
  if (saved.status === "rejected") throw saved.reason;
  return saved.value;
}

/** Stops the daemons and writes the image; how each is started again is registered before it is stopped. */
async function save(
  engine: Engine,
  cluster: AttachedCluster,
  options: TakeOptions & { readonly tag: string; readonly facts: Facts },
  undo: Undo,
): Promise<SnapshotRecord> {
  const { name, tag, facts, onProgress, signal } = options;
  for (const { node, daemon, port } of inOrderOfStopping(cluster)) {
    signal.throwIfAborted();
    onProgress(`stopping ${daemon} on ${node.name}`);
    undo.add(`start ${daemon} on ${node.name}`, async () => {
      await node.run(["/usr/lib/slurmlab/start", SECONDS, daemon, `${node.name}:${port}`]);
    });
    if (daemon === "mariadbd") await forgetPassword(cluster, node);
    await node.run(["sv", "-w", SECONDS, "stop", daemon]);
  }
  onProgress(`writing ${tag}`);
  const record: SnapshotRecord = {
    version: 1,
    name,
    cluster: cluster.id,
    created: new Date().toISOString(),
    slurm: cluster.slurm,
    spec: cluster.spec,
    ...facts,
  };
  const files = { [SNAPSHOT_PATHS.record]: writeRecord(record) };
  await engine.importImage(mergeTars(await foldersOf(engine, cluster), files), tag, signal);
  return record;
}

/** Backups before the primary, or they would take over; then slurmdbd, then the database. */
function inOrderOfStopping(cluster: AttachedCluster) {
  const primary = controllersOf(cluster.plan)[0]?.name;
  const those = (daemon: string) =>
    cluster.nodes.flatMap((node) => {
      const port = node.daemons.find((each) => each.name === daemon)?.port;
      return port === undefined ? [] : [{ node, daemon, port }];
    });
  const controllers = those("slurmctld");
  return [
    ...controllers.filter(({ node }) => node.name !== primary),
    ...controllers.filter(({ node }) => node.name === primary),
    ...those("slurmdbd"),
    ...those("mariadbd"),
  ];
}

/** What is asked while all daemons run. Bad input when jobs run and nobody said that they may. */
async function factsOf(cluster: AttachedCluster, { whileJobsRun, name }: TakeOptions): Promise<Facts> {
  const controller = withDaemon(cluster, "slurmctld");
  const database = withDaemon(cluster, "mariadbd");
  const ask = async (...argv: string[]) => (await controller?.run(argv)) ?? "";
  const running = lines(await ask("squeue", "--all", "--noheader", "--states=R,S,CG,CF", "--format=%A"));
  if (running.length > 0 && !whileJobsRun)
    throw new LabError({
      kind: "bad-input",
      message: `${running.length === 1 ? "a job runs" : `${running.length} jobs run`} in ${cluster.id}, and a snapshot has no processes`,
      expected: "a cluster in which no job runs",
      seen: `job ${running.slice(0, 10).join(", ")}`,
      hint: `let them end, or take it all the same: pnpm cluster snapshot ${name} --while-jobs-run\nin clusters of it they have failed with their nodes, as after a loss of power`,
    });
  const queued = lines(await ask("squeue", "--all", "--noheader", "--states=PD", "--format=%A"));
  const nodes = parseRecords(await ask("scontrol", "-o", "show", "node")).map((node) => {
    const { base, flags } = parseNodeState(node.get("State") ?? "");
    return [node.get("NodeName") ?? "", [base, ...flags].join("+")] as const;
  });
  const accounted = database ? await accountedJobs(cluster, database) : 0;
  return {
    nodes: Object.fromEntries(nodes),
    jobs: { queued: queued.length, accounted },
    database: database !== undefined,
  };
}

/** The (first) node with a daemon. */
function withDaemon({ nodes }: AttachedCluster, name: string): AttachedNode | undefined {
  return nodes.find(({ daemons }) => daemons.some((each) => each.name === name));
}

async function accountedJobs({ plan }: AttachedCluster, database: AttachedNode): Promise<number> {
  const query = `SELECT COUNT(*) FROM \`${databaseName(plan)}\`.\`${plan.name}_job_table\` WHERE deleted = 0`;
  return Number(await database.run(["mariadb", "--batch", "--skip-column-names", `--execute=${query}`]));
}

/** slurmdbd's account goes, with what its password is checked by; the server makes it again each time it starts. */
async function forgetPassword({ plan }: AttachedCluster, database: AttachedNode): Promise<void> {
  const user = databaseUser(plan).replaceAll("'", "''");
  await database.run(["mariadb", `--execute=DROP USER IF EXISTS '${user}'@'%'`]);
}

async function foldersOf(engine: Engine, cluster: AttachedCluster): Promise<FolderTar[]> {
  const { plan } = cluster;
  const wanted = [
    // A server's own keys and number, and what it throws away when it starts.
    {
      container: withDaemon(cluster, "mariadbd")?.container,
      folder: DATA_FOLDER,
      as: SNAPSHOT_PATHS.database,
      skip: /(\.pem|\.pid|\.sock)$|^(auto\.cnf|ibtmp1)$/,
    },
    {
      container: cluster.stateServer ?? withDaemon(cluster, "slurmctld")?.container,
      folder: stateSaveLocation(plan),
      as: SNAPSHOT_PATHS.state,
      skip: /\.key$/,
    },
    { container: cluster.home, folder: "/home", as: SNAPSHOT_PATHS.home, skip: undefined },
  ];
  const there = wanted.filter(({ container }) => container !== undefined);
  return Promise.all(
    there.map(async ({ container = "", folder, as, skip }) => ({
      tar: await engine.getFiles(container, folder),
      as,
      ...(skip ? { skip: (path: string) => skip.test(path) } : {}),
    })),
  );
}

/** A password that somebody wrote into the specification would be in the image. */
function refuseSecrets({ id, plan }: AttachedCluster): void {
  for (const [file, keys] of Object.entries(plan.overrides)) {
    const secret = Object.keys(keys ?? {}).find(isSecret);
    if (secret === undefined) continue;
    throw new LabError({
      kind: "bad-input",
      message: `no snapshot can be taken of ${id}: its specification has ${secret} for ${file}, and an image keeps no secret`,
      expected: "a specification that leaves passwords to slurmlab",
    });
  }
}

function lines(text: string): string[] {
  return text.split("\n").filter((line) => line.trim() !== "");
}
