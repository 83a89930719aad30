import { type ClusterPlan, type ConfigFile, compressHostlist, controllersOf } from "@slurmlab/config-gen";
import { LabError } from "../../errors/lab-error.ts";
import { type Cluster, nodeNamed } from "../cluster.ts";
import { filesFor } from "../files.ts";
import type { Node } from "../node.ts";
import { SPEC_FILE, specFile } from "../spec-file.ts";
import { merged } from "./merged.ts";

/** One file of a node that is to change. */
export interface FileChange {
  readonly node: Node;
  readonly path: string;
  readonly from: string;
  readonly to: string;
}

/**
 * The files that change on nodes that stay, from what is in them now; nothing is written. Bad input where somebody has changed the
 * lines that would change.
 */
export async function fileChanges(
  cluster: Cluster,
  after: {
    readonly plan: ClusterPlan;
    readonly bundle: readonly ConfigFile[];
    readonly nodes: readonly Node[];
  },
): Promise<FileChange[]> {
  const changed = differences(cluster.bundle, after.bundle);
  const generated = after.nodes.map(async (node) => {
    const mine = new Set(filesFor(node.plan, cluster.bundle).map(({ path }) => path));
    return await Promise.all(
      changed
        .filter(({ path }) => mine.has(path))
        .map(async ({ path, before, after: wanted }) => {
          const from = await node.run(["cat", path]);
          return { node, path, from, to: mergedOn(node.name, { path, from, before, wanted }) };
        }),
    );
  });
  const written = controllersOf(after.plan).map(async ({ name }) => {
    const node = nodeNamed(cluster, name);
    return [
      {
        node,
        path: SPEC_FILE,
        from: await node.run(["cat", SPEC_FILE]),
        to: String(specFile(after.plan).content),
      },
    ];
  });
  return (await Promise.all([...generated, ...written])).flat().filter(({ from, to }) => from !== to);
}

/** A new node's files: those of the one that it is like, as they are there now, with the new nodes in them; and its own. */
export async function filesLike(
  model: Node,
  machine: Node["plan"],
  bundles: { readonly before: readonly ConfigFile[]; readonly after: readonly ConfigFile[] },
): Promise<ConfigFile[]> {
  const changed = new Map(differences(bundles.before, bundles.after).map((each) => [each.path, each]));
  const there = new Set(filesFor(model.plan, bundles.before).map(({ path }) => path));
  const files = filesFor(machine, bundles.after).map(async (file): Promise<ConfigFile> => {
    const { path } = file;
    // Of the node alone, or of a path that the other one does not have.
    if (file.nodes || !there.has(path)) return file;
    // Keys are bytes.
    const now = Buffer.from(await model.run(["base64", "--wrap=0", path]), "base64");
    if (file.secret || typeof file.content !== "string") return { ...file, content: now };
    const from = now.toString("utf8");
    const { before, after: wanted } = changed.get(path) ?? {};
    if (before === undefined || wanted === undefined) return { ...file, content: from };
    return { ...file, content: mergedOn(model.name, { path, from, before, wanted }) };
  });
  return await Promise.all(files);
}

interface Difference {
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

/** Files that all nodes with one have alike, and that are generated otherwise now. */
function differences(before: readonly ConfigFile[], after: readonly ConfigFile[]): Difference[] {
  return after.flatMap((file) => {
    const old = before.find(({ path, nodes }) => path === file.path && !nodes);
    if (!old || file.nodes || file.secret || old.content === file.content) return [];
    if (typeof old.content !== "string" || typeof file.content !== "string") return [];
    return [{ path: file.path, before: old.content, after: file.content }];
  });
}

function mergedOn(
  node: string,
  file: { readonly path: string; readonly from: string; readonly before: string; readonly wanted: string },
): string {
  const to = merged(file.from, file.before, file.wanted);
  if (to !== undefined) return to;
  throw new LabError({
    kind: "bad-input",
    message: `${file.path} on ${node} was changed where its nodes are named`,
    expected: "these lines as slurmlab has written them; what else was changed is kept",
    where: node,
    hint: "put them back first, or change the nodes there by hand as well",
  });
}

/** Nodes that stand on other machines, or have other GPUs, than before: a change must not move one. Pure. */
export function moved(before: Pick<Cluster, "plan" | "gpus">, after: Pick<Cluster, "plan" | "gpus">): string {
  const place = ({ plan, gpus }: Pick<Cluster, "plan" | "gpus">) =>
    new Map(plan.nodes.map(({ name, pack }) => [name, JSON.stringify([pack, gpus?.mode, gpus?.gpus[name]])]));
  const [old, now] = [place(before), place(after)];
  return compressHostlist(
    [...now].filter(([name, at]) => (old.get(name) ?? at) !== at).map(([name]) => name),
  );
}
