import { Readable } from "node:stream";
import type { ConfigFile, PlannedNode } from "@slurmlab/config-gen";
import { pack } from "tar-stream";

/** The first ordinary user's number, counted up; the same on every node, as on a site with one directory of users. */
const USER_ID = 1000;

/** Where slurmlab's own files are inside a node. */
const MANIFEST = "etc/slurmlab/manifest";
const USERS = "etc/slurmlab/users";

/** The bundle's files that a node gets. */
export function filesFor(
  node: Pick<PlannedNode, "name" | "roles">,
  bundle: readonly ConfigFile[],
): ConfigFile[] {
  return bundle.filter(
    (file) =>
      (file.roles === "all" || file.roles.some((role) => node.roles.includes(role))) &&
      (file.nodes === undefined || file.nodes.includes(node.name)),
  );
}

/**
 * A node's files as a tar stream. They belong to root and secrets are readable by no one else until the node's
 * own init hands them to their owners by name (the manifest): user numbers differ from image to image.
 */
export function nodeTar(
  files: readonly ConfigFile[],
  users: readonly string[],
  extra: readonly ConfigFile[] = [],
): Readable {
  const tar = pack();
  const all = [...files, ...extra];
  for (const file of all) {
    const mode = file.secret ? 0o600 : file.mode;
    tar.entry({ name: file.path.slice(1), mode }, Buffer.from(file.content));
  }
  const manifest = all.map((file) => `${file.owner} ${file.mode.toString(8)} ${file.path}\n`).join("");
  tar.entry({ name: MANIFEST, mode: 0o644 }, manifest);
  tar.entry({ name: USERS, mode: 0o644 }, users.map((user, i) => `${user} ${USER_ID + i}\n`).join(""));
  tar.finalize();
  return Readable.from(tar);
}
