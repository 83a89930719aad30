import { nearest } from "@slurmlab/config-gen";
import { Forward, type Forwarded, listensAt, relayTo } from "../../cluster/forward.ts";
import { EXIT, LabError, messageOf } from "../../errors/lab-error.ts";
import { SLURMRESTD_PORT } from "../../slurm/rest.ts";
import { SIGNALS } from "../interrupt.ts";
import { terminal } from "../terminal.ts";
import { type AskedCluster, type FoundNode, findCluster, nodeAsked, nodesOf } from "./found.ts";
import { prepareSshd, readPublicKey } from "./sshd.ts";

export interface ForwardOptions {
  readonly cluster?: string;
  /** For ssh: as whom, and with which public key. */
  readonly user: string;
  readonly key?: string;
  /** The port of this machine; any that is free when not given. */
  readonly local?: number;
  readonly json?: boolean;
}

/** Ports by a name that people know: of the node with the role. */
const KNOWN: Readonly<Record<string, { readonly role: string; readonly port: number }>> = {
  rest: { role: "slurmrestd", port: SLURMRESTD_PORT },
  jupyter: { role: "login", port: 8888 },
};
const WORDS = ["ssh", ...Object.keys(KNOWN)];

interface Target extends Pick<Forwarded, "argv" | "as"> {
  readonly node: FoundNode;
  /** Of the node; none where a program answers that listens nowhere. */
  readonly port?: number;
  /** What a person does with the local address. */
  readonly use: (local: string) => string;
}

/** Carries connections from a port of this machine to a node, until Ctrl-C. */
export async function forward(wanted: string, options: ForwardOptions): Promise<number> {
  const out = terminal(options);
  const asked = await findCluster(options.cluster);
  const target = wanted === "ssh" ? await ssh(asked, options) : portTarget(wanted, asked);
  const { node, port, argv, as, use } = target;
  if (port !== undefined && !(await listensAt(asked.engine, node.container, port)))
    out.note(`nothing listens on port ${port} of ${node.name} yet`);
  const told = new Set<string>();
  // A browser asks twenty times a second; one that says why is enough.
  const onError = (error: unknown) => {
    const text = messageOf(error);
    if (!told.has(text)) out.note(`a connection broke: ${text}`);
    told.add(text);
  };
  await using open = await Forward.open(
    asked.engine,
    { container: node.container, argv, ...(as ? { as } : {}), localPort: options.local ?? 0 },
    onError,
  );
  const local = `127.0.0.1:${open.localPort}`;
  if (options.json) out.print(JSON.stringify({ local, node: node.name, use: use(local) }));
  else
    out.print(`${use(local) === local ? "" : `${use(local)}\n`}${local} leads to ${node.name}, until Ctrl-C`);
  if (wanted === "rest") out.note(`a token: pnpm cluster env ${asked.cluster.id}`);
  await interrupted();
  return EXIT.ok;
}

async function ssh({ engine, cluster }: AskedCluster, { user, key }: ForwardOptions): Promise<Target> {
  const publicKey = readPublicKey(key);
  const node = nodeAsked(cluster, undefined);
  const sshd = await prepareSshd(engine, node, { user, publicKey });
  // One name a cluster: 127.0.0.1 is many machines to a list of known hosts.
  const use = (local: string) =>
    `ssh -o HostKeyAlias=${cluster.id} -p ${local.split(":")[1]} ${user}@127.0.0.1`;
  return { node, ...sshd, use };
}

/** `rest`, `login:8888`, or `8888`, which is the login node's. */
function portTarget(wanted: string, { cluster }: AskedCluster): Target {
  const known = KNOWN[wanted];
  if (known) {
    const node = nodesOf(cluster).find(({ roles }) => roles.includes(known.role));
    if (node) return { node, port: known.port, argv: relayTo(known.port), use: (local) => `http://${local}` };
    throw new LabError({
      kind: "bad-input",
      message: `${cluster.id} has no node with the role ${known.role}`,
      expected: `one, for \`forward ${wanted}\``,
      hint: wanted === "rest" ? "the preset rest has one: pnpm cluster up rest" : "name a node: NODE:PORT",
    });
  }
  const [, name, digits] = /^(?:([^:]+):)?(\d+)$/.exec(wanted) ?? [];
  const port = Number(digits);
  if (digits !== undefined && port >= 1 && port <= 65_535)
    return { node: nodeAsked(cluster, name), port, argv: relayTo(port), use: (local) => local };
  const near = nearest(wanted, WORDS);
  throw new LabError({
    kind: "bad-input",
    message: `"${wanted}" is no port of a node`,
    expected: `${WORDS.join(", ")}, PORT, or NODE:PORT`,
    ...(near ? { hint: `did you mean "${near}"?` } : {}),
  });
}

async function interrupted(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  for (const name of SIGNALS) process.once(name, () => resolve());
  await promise;
}
