import { randomBytes } from "node:crypto";
import type { Secrets } from "@slurmlab/config-gen";

/** Fresh secrets for one cluster. They exist in this process and in the cluster's files, and nowhere else. */
export function newSecrets(): Secrets {
  return {
    // munge accepts 32 to 1024 bytes; its own mungekey makes 128.
    mungeKey: randomBytes(128),
    jwtKey: randomBytes(32),
    // Used as an HS256 key too; Slurm's own instructions make 1024.
    slurmKey: randomBytes(128),
    databasePassword: randomBytes(18).toString("hex"),
  };
}

/** For files that are only looked at. */
export const NO_SECRETS: Secrets = {
  mungeKey: new Uint8Array(),
  jwtKey: new Uint8Array(),
  slurmKey: new Uint8Array(),
  databasePassword: "none",
};
