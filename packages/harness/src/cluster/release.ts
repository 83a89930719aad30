import { isDeepStrictEqual } from "node:util";
import { type ConfigFile, type PlannedNode, shownPath, unixUsers } from "@slurmlab/config-gen";
import type { ContainerSpec, Engine } from "../engine/engine.ts";
import type { InRelease } from "./container-spec.ts";
import { filesFor, nodeTar } from "./files.ts";
import type { GpuDecision } from "./gpus.ts";
import { mockGpuState } from "./mock-gpu-state.ts";
import { specFile } from "./spec-file.ts";

/** A release that a cluster runs or may be upgraded to, with the files of every node. All of it is made before the start. */
export interface Release extends InRelease {
  /** Secret files among them; the secrets are the same in every release. */
  readonly bundle: readonly ConfigFile[];
}

/**
 * The files of a release on the way up from another: one that says the same is left as it is, as a site would leave it.
 * Slurm compares the nodes' slurm.conf with its comments, and the title would be a difference.
 */
export function filesAfter(before: readonly ConfigFile[], bundle: readonly ConfigFile[]): ConfigFile[] {
  return bundle.map((file) => before.find((old) => saysTheSame(old, file)) ?? file);
}

function saysTheSame(a: ConfigFile, b: ConfigFile): boolean {
  return (
    shownPath(a) === shownPath(b) &&
    isDeepStrictEqual(withoutComments(a.content), withoutComments(b.content)) &&
    a.owner === b.owner &&
    a.mode === b.mode
  );
}

function withoutComments(content: ConfigFile["content"]): ConfigFile["content"] {
  return typeof content === "string" ? content.replace(/^#.*\n/gm, "") : content;
}

/** Makes a container for a node and starts it with the node's files; resolves to its id. */
export async function startFor(
  node: PlannedNode,
  spec: ContainerSpec,
  parts: {
    readonly engine: Engine;
    readonly release: Release;
    readonly gpus: GpuDecision | undefined;
    /** Beside the release's own. */
    readonly files?: readonly ConfigFile[];
    /** Told of the container's id before it is started. */
    readonly onMade?: (id: string) => void;
  },
): Promise<string> {
  const { engine, release, gpus } = parts;
  const container = await engine.createContainer(spec);
  parts.onMade?.(container);
  const share = gpus?.gpus[node.name];
  const mock = share && gpus?.mode === "mock" ? [mockGpuState(node.name, share)] : [];
  const written = node.roles.includes("slurmctld") ? [specFile(release.plan)] : [];
  const files = [...release.bundle, ...written, ...(parts.files ?? [])];
  const tar = nodeTar(filesFor(node, files), unixUsers(release.plan), mock);
  // Over its standard input, not into its file system: for that the engine starts a program of its own, once a node.
  await engine.startContainer(container, tar);
  return container;
}
