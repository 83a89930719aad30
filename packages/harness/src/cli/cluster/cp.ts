import { existsSync } from "node:fs";
import { stat } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { execa } from "execa";
import type { Engine } from "../../engine/engine.ts";
import { EXIT, LabError } from "../../errors/lab-error.ts";
import { terminal } from "../terminal.ts";
import { findCluster, nodeAsked } from "./found.ts";
import { harmless } from "./harmless-tar.ts";

/** One end of a copy: `c1:/etc/slurm`, or a path of this machine. */
type End = { readonly node: string; readonly path: string } | { readonly path: string };

/**
 * Copies a file or folder into a node or out of it, under the name that the second path ends in; into a folder that is there when
 * it is one, as `cp -r` does. What comes in belongs to root.
 */
export async function copy(
  from: string,
  to: string,
  options: { readonly cluster?: string },
): Promise<number> {
  const [source, target] = [endOf(from), endOf(to)];
  if ("node" in source === "node" in target)
    throw new LabError({
      kind: "bad-input",
      message: "one of the two has to be in a node",
      expected: "NODE:/PATH and a path of this machine, in either order",
      seen: `${from} and ${to}`,
    });
  const { engine, cluster } = await findCluster(options.cluster);
  if ("node" in source) await copyOut(engine, nodeAsked(cluster, source.node).container, source, target.path);
  else if ("node" in target)
    await copyIn(engine, nodeAsked(cluster, target.node).container, source.path, target);
  terminal({}).print(`copied ${from} to ${to}`);
  return EXIT.ok;
}

/** A node's name has no slash: `./a:b` is a path of this machine. */
function endOf(text: string): End {
  const [, node, path] = /^([^/:]+):(.+)$/.exec(text) ?? [];
  if (node === undefined || path === undefined) return { path: text };
  if (path.startsWith("/")) return { node, path };
  throw new LabError({
    kind: "bad-input",
    message: `${text}: a path in a node begins with /`,
    hint: `${node}:/home/ada/${path}`,
  });
}

async function copyOut(
  engine: Engine,
  container: string,
  source: { path: string },
  to: string,
): Promise<void> {
  const archive = await engine.getFiles(container, source.path).catch((error: unknown) => {
    throw missing(source.path, error);
  });
  const into = await isFolder(to);
  const folder = into ? to : dirname(resolve(to));
  const name = basename(source.path);
  // tar takes no path that leaves the folder. The archive's only top entry is the last part of the source's path.
  const transform =
    into || basename(to) === name ? [] : [`--transform=flags=r;s,^${quoted(name)},${quoted(basename(to))},`];
  const unpacking = execa("tar", ["--extract", "--no-same-owner", `--directory=${folder}`, ...transform], {
    stdin: "pipe",
  });
  const { tar, leftOut, done } = harmless(archive);
  await Promise.all([pipeline(tar, unpacking.stdin), unpacking, done]);
  for (const path of leftOut) terminal({ json: true }).note(`left out: ${path}`);
}

async function copyIn(
  engine: Engine,
  container: string,
  from: string,
  target: { path: string },
): Promise<void> {
  if (!existsSync(from))
    throw new LabError({
      kind: "bad-input",
      message: `${from} does not exist`,
      expected: "a file or folder of this machine",
    });
  const name = basename(resolve(from));
  const { code } = await engine.exec(container, ["test", "-d", target.path]);
  const path = code === 0 ? `${target.path.replace(/\/$/, "")}/${name}` : target.path;
  const packing = execa(
    "tar",
    [
      "--create",
      "--owner=root:0",
      "--group=root:0",
      `--directory=${dirname(resolve(from))}`,
      `--transform=flags=r;s,^${quoted(name)},${quoted(path.slice(1))},`,
      // A file may be called as an option of tar's is.
      "--",
      name,
    ],
    { stdout: "pipe", buffer: false },
  );
  await Promise.all([engine.putFiles(container, packing.stdout), packing]);
}

/** For tar's --transform, whose expressions end at a comma here. */
function quoted(text: string): string {
  return text.replace(/[\\.*^$,&[\]]/g, "\\$&");
}

async function isFolder(path: string): Promise<boolean> {
  return await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

function missing(path: string, cause: unknown): LabError {
  return new LabError({
    kind: "bad-input",
    message: `${path} could not be read in the node`,
    seen: cause instanceof Error ? cause.message : String(cause),
    cause,
  });
}
