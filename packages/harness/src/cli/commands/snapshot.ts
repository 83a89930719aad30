import type { Command } from "commander";
import { type SnapshotOptions, type SnapshotsOptions, snapshot, snapshots } from "../cluster/snapshot.ts";
import { CLUSTER } from "./cluster-option.ts";

export function snapshotCommands(cluster: Command, setExit: (code: number) => void): void {
  cluster
    .command("snapshot")
    .description(
      "save what a cluster's Slurm knows (accounts, finished jobs, reservations, the queue) and /home as an image; its daemons stop for some seconds",
    )
    .argument("<name>", "the snapshot's, of letters in lower case, digits, dots and hyphens")
    .option(...CLUSTER)
    .option(
      "--while-jobs-run",
      "take it although jobs run: in a cluster of it they will have failed with their nodes",
    )
    .option("--force", "in place of a snapshot of this name")
    .option("--json", "print what was saved as JSON")
    .addHelpText(
      "after",
      "\nExamples:\n  pnpm cluster snapshot full-queue\n  pnpm cluster snapshot full-queue --cluster gpu-k3f9x2 --force\n  pnpm cluster up --from full-queue\n  docker save slurmlab/snapshot:full-queue > full-queue.tar   to take it elsewhere; docker load there",
    )
    .action(async (name: string, options: SnapshotOptions) => setExit(await snapshot(name, options)));
  cluster
    .command("snapshots")
    .description("list the snapshots in the engine, or remove some")
    .option("--remove <names...>", "remove these; clusters that came from them go on")
    .option("--json", "print JSON")
    .addHelpText(
      "after",
      "\nExamples:\n  pnpm cluster snapshots\n  pnpm cluster snapshots --remove full-queue",
    )
    .action(async (options: SnapshotsOptions) => setExit(await snapshots(options)));
}
