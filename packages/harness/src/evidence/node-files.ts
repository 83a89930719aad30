import { basename, normalize } from "node:path";
import type { Readable } from "node:stream";
import { extract } from "tar-stream";
import type { Engine, Owned } from "../engine/engine.ts";
import { LABEL } from "../engine/labels.ts";
import { messageOf } from "../errors/lab-error.ts";
import { daemonOfFile } from "../logs/daemon-of.ts";
import type { LogFile } from "../logs/merge.ts";
import { lastOf } from "./last-of.ts";
import { keyFiles, maskSecrets } from "./mask.ts";

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

type Kind = keyof typeof FOLDERS;

/** How long a node may take to pack its files. */
const PACKING_MS = 10_000;

/** Of one file. The logs of 150 runs together have less; one log of debug5 can have gigabytes. */
const MOST_BYTES = 32 * 2 ** 20;

/** Logs and configuration of every container of a cluster, found by its labels: half a cluster has them too. */
export async function readClusterFiles(engine: Engine, cluster: string): Promise<NodeFiles[]> {
  const owned = (await engine.listOwned()).filter((part) => part.labels[LABEL.cluster] === cluster);
  return Promise.all(owned.filter((part) => part.kind === "container").map((part) => readNode(engine, part)));
}

async function readNode(engine: Engine, container: Owned): Promise<NodeFiles> {
  const missing: Partial<Record<Kind, string>> = {};
  const packed = container.state === "running" ? await packedFiles(engine, container) : [];
  const read = async (kind: Kind): Promise<NodeFile[]> => {
    const own = below(`${FOLDERS[kind].slice(1)}/`, packed);
    if (own.length > 0) return own;
    try {
      // The archive's own top folder is `slurm` for both.
      return below("slurm/", await filesOf(await engine.getFiles(container.id, FOLDERS[kind])));
    } catch (error) {
      missing[kind] = messageOf(error);
      return [];
    }
  };
  const [log, etc] = await Promise.all([read("log"), read("etc")]);
  const keys = keyFiles(etc.map(({ text }) => text));
  const open = etc.filter(({ path }) => !keys.has(basename(path)));
  return { node: nodeName(container), container, log, etc: open, missing };
}

/**
 * Both folders, packed by the node itself where it can: for `getFiles` the engine starts a program of its own for each,
 * which takes a third of a second of a slow machine. Nothing when the node does not answer in time.
 */
async function packedFiles(engine: Engine, container: Owned): Promise<NodeFile[]> {
  const paths = Object.values(FOLDERS).map((path) => path.slice(1));
  try {
    const { output, close } = await engine.open(container.id, ["tar", "-c", "-C", "/", ...paths]);
    const late = setTimeout(close, PACKING_MS);
    try {
      return await filesOf(output);
    } finally {
      clearTimeout(late);
      close();
    }
  } catch {
    return [];
  }
}

function below(folder: string, files: readonly NodeFile[]): NodeFile[] {
  return files
    .filter(({ path }) => path.startsWith(folder))
    .map(({ path, text }) => ({ path: path.slice(folder.length), text }));
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
      // Nodes that share a machine have a slurmd each, and its log the node's name.
      const sharing = /^slurmd-(.+?)(?:\.stderr)?\.log$/.exec(name)?.[1];
      return { node: sharing ?? node, daemon: daemonOfFile(name) ?? "other", name, text };
    }),
  );
}

/** Regular files of a tar stream, under paths that cannot leave the folder they are written to. */
async function filesOf(tar: Readable): Promise<NodeFile[]> {
  const files: NodeFile[] = [];
  for await (const entry of tar.pipe(extract())) {
    const content = await lastOf(entry, MOST_BYTES);
    const path = normalize(`/${entry.header.name}`).slice(1);
    const text = entry.header.type === "file" ? maskSecrets(path, content) : undefined;
    if (text !== undefined) files.push({ path, text });
  }
  return files;
}
