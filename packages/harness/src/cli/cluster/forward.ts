import { nearest } from "@slurmlab/config-gen";
import { Forward } from "../../cluster/forward.ts";
import { EXIT, LabError, messageOf } from "../../errors/lab-error.ts";
import { SLURMRESTD_PORT } from "../../slurm/rest.ts";
import { SIGNALS } from "../interrupt.ts";
import { terminal } from "../terminal.ts";
import { type AskedCluster, type FoundNode, findCluster, nodeAsked, nodesOf } from "./found.ts";

export interface ForwardOptions {
  readonly cluster?: string;
  /** The port of this machine; any that is free when not given. */
  readonly local?: number;
  readonly json?: boolean;
}

/** Ports by a name that people know: of the node with the role. */
const KNOWN: Readonly<
  Record<string, { readonly role: string; readonly port: number; readonly url: string }>
> = {
  rest: { role: "slurmrestd", port: SLURMRESTD_PORT, url: "http://" },
  jupyter: { role: "login", port: 8888, url: "http://" },
  ssh: { role: "login", port: 22, url: "" },
};

interface Target {
  readonly node: FoundNode;
  readonly port: number;
  readonly url: string;
}

/** Carries connections from a port of this machine to one of a node, until Ctrl-C. */
export async function forward(wanted: string, options: ForwardOptions): Promise<number> {
  const out = terminal(options);
  const asked = await findCluster(options.cluster);
  const { node, port, url } = targetOf(wanted, asked);
  const { container } = node;
  const told = new Set<string>();
  // A browser asks twenty times a second; one that says why is enough.
  const onError = (error: unknown) => {
    const text = messageOf(error);
    if (!told.has(text)) out.note(`a connection broke: ${text}`);
    told.add(text);
  };
  await using open = await Forward.open(
    asked.engine,
    { container, port, localPort: options.local ?? 0 },
    onError,
  );
  const local = `127.0.0.1:${open.localPort}`;
  if (options.json) out.print(JSON.stringify({ local: `${url}${local}`, node: node.name, port }));
  else out.print(`${url}${local} is port ${port} of ${node.name}, until Ctrl-C`);
  if (wanted === "rest") out.note(`a token: pnpm cluster env ${asked.cluster.id}`);
  await interrupted();
  return EXIT.ok;
}

/** `rest`, `login:8888`, or `8888`, which is the login node's. */
function targetOf(wanted: string, { cluster }: AskedCluster): Target {
  const known = KNOWN[wanted];
  if (known) {
    const node = nodesOf(cluster).find(({ roles }) => roles.includes(known.role));
    if (node) return { node, ...known };
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
    return { node: nodeAsked(cluster, name), port, url: "" };
  const near = nearest(wanted, Object.keys(KNOWN));
  throw new LabError({
    kind: "bad-input",
    message: `"${wanted}" is no port of a node`,
    expected: `${Object.keys(KNOWN).join(", ")}, PORT, or NODE:PORT`,
    ...(near ? { hint: `did you mean "${near}"?` } : {}),
  });
}

async function interrupted(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  for (const name of SIGNALS) process.once(name, () => resolve());
  await promise;
}
