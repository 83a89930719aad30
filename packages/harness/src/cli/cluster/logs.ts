import { basename } from "node:path";
import { createInterface } from "node:readline";
import { nearest } from "@slurmlab/config-gen";
import type { FoundCluster } from "../../cluster/sweep.ts";
import type { Engine } from "../../engine/engine.ts";
import { EXIT, LabError } from "../../errors/lab-error.ts";
import { maskSecrets } from "../../evidence/mask.ts";
import { logFiles, readClusterFiles } from "../../evidence/node-files.ts";
import type { MergedLine } from "../../logs/line.ts";
import { type LogFile, mergeLogs } from "../../logs/merge.ts";
import { parseLog } from "../../logs/parse.ts";
import { type Terminal, terminal } from "../terminal.ts";
import { findCluster, nodeAsked, nodesOf } from "./found.ts";

export interface LogsOptions {
  readonly cluster?: string;
  /** One node's. */
  readonly on?: string;
  /** How many of the last lines. */
  readonly lines: number;
  readonly follow?: boolean;
  /** A JSON object a line. */
  readonly json?: boolean;
}

/** Prints the logs of all daemons of a cluster, or of one daemon, in the order of time; then what comes, until Ctrl-C. */
export async function showLogs(daemon: string | undefined, options: LogsOptions): Promise<number> {
  const out = terminal({});
  const { engine, cluster } = await findCluster(options.cluster);
  const node = options.on === undefined ? undefined : nodeAsked(cluster, options.on).name;
  const all = logFiles(await readClusterFiles(engine, cluster.id));
  const files = all.filter(
    (file) => (node === undefined || file.node === node) && (daemon === undefined || file.daemon === daemon),
  );
  if (files.length === 0) throw noLogs(daemon, node, all);
  for (const line of mergeLogs(files, Number.MAX_SAFE_INTEGER).lines.slice(-options.lines))
    out.print(format(line, options, out));
  if (!options.follow) return EXIT.ok;
  await follow(engine, cluster, files, (line) => out.print(format(line, options, out)));
  return EXIT.interrupted;
}

/** One program a node: it ends with its input, so that none is left behind when this process is killed. */
const FOLLOW = 'tail -n 0 -F "$@" 2> /dev/null & cat > /dev/null; kill $!';

async function follow(
  engine: Engine,
  cluster: FoundCluster,
  files: readonly LogFile[],
  tell: (line: MergedLine) => void,
): Promise<void> {
  const channels = await Promise.all(
    nodesOf(cluster)
      .map(({ name, container, packed }) => ({
        container,
        own: files.filter(({ node }) => node === name || packed.includes(node)),
      }))
      .filter(({ own }) => own.length > 0)
      .map(async ({ container, own }) => {
        const paths = own.map((file) => `/var/log/slurm/${file.name}`);
        const channel = await engine.open(container, ["bash", "-c", FOLLOW, "follow", ...paths]);
        let [from] = own;
        createInterface({ input: channel.output }).on("line", (text) => {
          // tail says whose lines come next, where it has several files.
          const header = /^==> (.*) <==$/.exec(text);
          if (header) from = own.find(({ name }) => name === basename(header[1] ?? ""));
          else if (from)
            for (const line of parseLog(maskSecrets("", Buffer.from(text)) ?? ""))
              tell({ ...line, node: from.node, daemon: from.daemon });
        });
        return channel;
      }),
  );
  const { promise, resolve } = Promise.withResolvers<void>();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  await promise;
  for (const channel of channels) channel.close();
}

function format(line: MergedLine, options: LogsOptions, out: Terminal): string {
  if (options.json) return JSON.stringify(line);
  const time = line.time === undefined ? "" : new Date(line.time).toISOString().slice(11, 23);
  const { red, yellow, dim } = out.colors;
  const paint =
    line.level === "fatal" || line.level === "error" ? red : line.level === "warning" ? yellow : String;
  return `${dim(time.padEnd(12))} ${line.node.padEnd(8)} ${line.daemon.padEnd(10)} ${paint(line.text)}`;
}

function noLogs(daemon: string | undefined, node: string | undefined, all: readonly LogFile[]): LabError {
  const daemons = [
    ...new Set(all.filter((file) => node === undefined || file.node === node).map((file) => file.daemon)),
  ];
  const near = daemon === undefined ? undefined : nearest(daemon, daemons);
  return new LabError({
    kind: "bad-input",
    message: `no logs${daemon === undefined ? "" : ` of ${daemon}`}${node === undefined ? "" : ` on ${node}`}`,
    expected: daemons.join(", ") || "the node writes none",
    ...(near ? { hint: `did you mean "${near}"?` } : {}),
  });
}
