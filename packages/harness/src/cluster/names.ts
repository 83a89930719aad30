import { randomBytes, randomInt } from "node:crypto";
import { compressHostlist } from "@slurmlab/config-gen";

/** Names of what one cluster owns in the engine. The cluster's id makes them unlike any other cluster's. */
export function clusterNames(id: string) {
  return {
    network: `slurmlab-${id}`,
    home: `slurmlab-${id}-home`,
    /** StateSaveLocation, where several controllers share it or a snapshot has filled it. */
    state: `slurmlab-${id}-state`,
    /** The database's data folder, where a snapshot has filled it. */
    database: `slurmlab-${id}-database`,
    /** Made when a run has ended and its cluster is to stay: see `sweep.ts`. */
    kept: `slurmlab-${id}-kept`,
    /** The node's own, or that of a release which has joined it. */
    container: (node: string, joined?: string) => `slurmlab-${id}-${node}${joined ? `-${joined}` : ""}`,
  };
}

/** `gpu-job-k3f9x2`: a readable stem and six random characters, at most 40 in all. */
export function newClusterId(stem: string): string {
  const alphabet = "abcdefghijkmnpqrstuvwxyz23456789";
  const tail = [...randomBytes(6)].map((byte) => alphabet[byte % alphabet.length]).join("");
  return `${
    stem
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .slice(0, 32)
      .replace(/^-|-$/g, "") || "cluster"
  }-${tail}`;
}

/** A seed that can be typed again: six digits at most. */
export function newSeed(): number {
  return randomInt(1_000_000);
}

/** Names as people say them, while there are few. */
export function listed(names: readonly string[]): string {
  return names.length > 12 ? compressHostlist(names) : names.join(" ");
}
