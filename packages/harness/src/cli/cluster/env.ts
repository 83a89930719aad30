import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Engine } from "../../engine/engine.ts";
import { EXIT, LabError } from "../../errors/lab-error.ts";
import { SLURMRESTD_PORT } from "../../slurm/rest.ts";
import { terminal } from "../terminal.ts";
import { type AskedCluster, type FoundNode, findCluster, nodeAsked, nodesOf } from "./found.ts";
import { addressSaid, tokenSaid } from "./said-by-node.ts";

/** How long the token is good for, in seconds. */
const LIFESPAN = 86_400;

export interface EnvOptions {
  readonly out?: string;
  readonly user: string;
  readonly json?: boolean;
}

/**
 * What a program outside needs to talk to the cluster: slurmrestd's address and a token, and with `--out` the files of a client
 * and the command that runs one. Nothing is published: addresses are those of the cluster's own network, which on Linux
 * the engine's machine reaches.
 */
export async function environment(id: string | undefined, options: EnvOptions): Promise<number> {
  const out = terminal(options);
  const asked = await findCluster(id);
  const { engine, cluster } = asked;
  const nodes = nodesOf(cluster);
  const addresses = await addressesOf(asked, nodes);
  const rest = nodes.find(({ roles }) => roles.includes("slurmrestd"));
  const variables: Record<string, string> = {
    SLURMLAB_CLUSTER: cluster.id,
    SLURMLAB_NETWORK: cluster.parts.find(({ kind }) => kind === "network")?.name ?? "",
    ...(rest ? { SLURMRESTD_URL: `http://${addresses[rest.name]}:${SLURMRESTD_PORT}` } : {}),
    ...(await tokenOf(engine, nodes, options.user)),
  };
  const client =
    options.out === undefined ? undefined : await writeClient(asked, addresses, resolve(options.out));
  if (options.json)
    out.print(JSON.stringify({ variables, addresses, ...(client ? { client } : {}) }, null, 2));
  else {
    for (const [name, value] of Object.entries(variables)) out.print(`export ${name}=${value}`);
    if (client) for (const line of client) out.print(`# ${line}`);
    else out.print("# --out FOLDER writes slurm.conf and the key for a client container");
  }
  return EXIT.ok;
}

/** Every node's address on the cluster's network, by name. */
async function addressesOf(
  { engine }: AskedCluster,
  nodes: readonly FoundNode[],
): Promise<Record<string, string>> {
  const pairs = await Promise.all(
    nodes.map(async ({ name, container }) => {
      const { code, stdout } = await engine.exec(container, ["getent", "ahostsv4", name]);
      return [name, code === 0 ? addressSaid(stdout, name) : ""] as const;
    }),
  );
  return Object.fromEntries(pairs);
}

/** A token that slurmctld makes; none where the cluster knows no auth/jwt. */
async function tokenOf(
  engine: Engine,
  nodes: readonly FoundNode[],
  user: string,
): Promise<Record<string, string>> {
  const controller = nodes.find(({ roles }) => roles.includes("slurmctld"));
  if (!controller) return {};
  const argv = ["scontrol", "token", `username=${user}`, `lifespan=${LIFESPAN}`];
  const { code, stdout } = await engine.exec(controller.container, argv);
  const token = code === 0 ? tokenSaid(stdout, controller.name) : undefined;
  return token ? { SLURM_JWT: token } : {};
}

/** Writes a client's files; resolves to the commands that start one, ask, and end it. Its image is the login node's. */
async function writeClient(
  { engine, cluster }: AskedCluster,
  addresses: Readonly<Record<string, string>>,
  folder: string,
): Promise<string[]> {
  const { container } = nodeAsked(cluster, undefined);
  const read = async (path: string) => {
    const { code, stdout, stderr } = await engine.exec(container, ["base64", "--wrap=0", path]);
    if (code === 0) return Buffer.from(stdout, "base64");
    throw new LabError({
      kind: "broken",
      message: `${path} could not be read on the login node`,
      seen: stderr.trim(),
      hint: "a cluster with auth: slurm has no munge key, and a client of it is not supported yet",
    });
  };
  const files = {
    "slurm.conf": await read("/etc/slurm/slurm.conf"),
    "munge.key": await read("/etc/munge/munge.key"),
  };
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const [name, content] of Object.entries(files))
    await writeFile(join(folder, name), content, { mode: name === "munge.key" ? 0o600 : 0o644 });
  const inspected = (await engine.inspectContainer(container)) as { Config?: { Image?: string } };
  const network = cluster.parts.find(({ kind }) => kind === "network")?.name ?? "";
  const name = `${cluster.id}-client`;
  const run = [
    `docker run -d --name ${name} --network ${network}`,
    ...Object.entries(addresses).map(([node, address]) => `--add-host ${node}:${address}`),
    `-v ${join(folder, "slurm.conf")}:/etc/slurm/slurm.conf:ro`,
    `-v ${join(folder, "munge.key")}:/run/secrets/munge.key:ro`,
    inspected.Config?.Image ?? "",
  ];
  return [run.join(" "), `docker exec ${name} sinfo`, `docker rm -f ${name}`];
}
