import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { type ClusterPlan, renderBundle } from "@slurmlab/config-gen";
import type { Node } from "../../src/cluster/node.ts";
import { newSecrets } from "../../src/cluster/secrets.ts";

/** The services of the images, as they are built into them. */
const SERVICES = join(import.meta.dirname, "../../../images/context/node/etc/slurmlab/sv");
const GROUND = { cgroup: "v1", gpus: { g1: [{ type: "a100", minors: [0, 1] }] } } as const;

/** What a node's files say, by path: the generated ones, the services, and its hosts. */
export function nodeTexts(plan: ClusterPlan, nodes: readonly Node[]): (path: string) => string {
  const files = new Map(
    renderBundle(plan, GROUND, newSecrets()).map(({ path, content }) => [path, String(content)]),
  );
  files.set("/etc/hosts", nodes.map(({ address, name }) => `${address}\t${name}\n`).join(""));
  return (path) => {
    const service = join(SERVICES, basename(dirname(path)), "run");
    if (path.startsWith("/run/sv/") && existsSync(service)) return readFileSync(service, "utf8");
    return files.get(path) ?? "#!/bin/sh\n";
  };
}
