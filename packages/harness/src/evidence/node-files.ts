import { basename, normalize } from "node:path";
import type { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { extract } from "tar-stream";
import type { Engine, Owned } from "../engine/engine.ts";
import { LABEL } from "../engine/labels.ts";
import { messageOf } from "../errors/lab-error.ts";
import { daemonOfFile } from "../logs/daemon-of.ts";
import type { LogFile } from "../logs/merge.ts";
import { maskSecrets } from "./mask.ts";

/** A text file of a node, its secrets hidden. */
interface NodeFile {
  /** Below the folder it was read from: `slurmctld.log`. */
  readonly path: string;
  readonly text: string;
}

/** What a node has written, and what was written for it. */
export interface NodeFiles {
  readonly node: string;
  readonly container: Owned;
  readonly log: readonly NodeFile[];
  readonly etc: readonly NodeFile[];
  /** Why there is none of it. */
  readonly missing: Readonly<Partial<Record<"log" | "etc", string>>>;
}

const FOLDERS = { log: "/var/log/slurm", etc: "/etc/slurm" } as const;

/** Logs and configuration of every container of a cluster, found by its labels: half a cluster has them too. */
export async function readClusterFiles(engine: Engine, cluster: string): Promise<NodeFiles[]> {
  const owned = (await engine.listOwned()).filter((part) => part.labels[LABEL.cluster] === cluster);
  return Promise.all(owned.filter((part) => part.kind === "container").map((part) => readNode(engine, part)));
}

async function readNode(engine: Engine, container: Owned): Promise<NodeFiles> {
  const missing: Partial<Record<"log" | "etc", string>> = {};
  const read = async (what: "log" | "etc"): Promise<NodeFile[]> => {
    try {
      return await filesOf(await engine.getFiles(container.id, FOLDERS[what]));
    } catch (error) {
      missing[what] = messageOf(error);
      return [];
    }
  };
  const [log, etc] = await Promise.all([read("log"), read("etc")]);
  return { node: nodeName(container), container, log, etc, missing };
}

/** `g1`, and `g1-26.05` for what joined it in an upgrade. */
function nodeName({ name, labels }: Owned): string {
  const release = labels[LABEL.upgrade];
  return `${labels[LABEL.node] ?? name}${release ? `-${release}` : ""}`;
}

/** The logs among them, each with the daemon that wrote it. What joined a node in an upgrade writes into the node's own. */
export function logFiles(nodes: readonly NodeFiles[]): LogFile[] {
  const own = nodes.filter(({ container }) => container.labels[LABEL.upgrade] === undefined);
  return own.flatMap(({ node, log }) =>
    log.map(({ path, text }) => {
      const name = basename(path);
      return { node, daemon: daemonOfFile(name) ?? "other", name, text };
    }),
  );
}

/** Regular files of a tar stream, under paths that cannot leave the folder they are written to. */
async function filesOf(tar: Readable): Promise<NodeFile[]> {
  const files: NodeFile[] = [];
  for await (const entry of tar.pipe(extract())) {
    const content = await buffer(entry);
    const path = normalize(`/${entry.header.name}`).slice(1);
    const text = entry.header.type === "file" ? maskSecrets(path, content) : undefined;
    // The archive's own top folder is `slurm` for both.
    if (text !== undefined) files.push({ path: path.replace(/^slurm\//, ""), text });
  }
  return files;
}
