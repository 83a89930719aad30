import type { Cluster } from "./cluster.ts";
import type { Node } from "./node.ts";
import type { Daemon } from "./roles.ts";

const FOLDER = "/var/log/slurm";

/** Arguments are pairs of a size and a file: prints what each file has beyond that size. */
const PRINT_AFTER = 'while [ $# -gt 0 ]; do [ ! -r "$2" ] || tail -c "+$(( $1 + 1 ))" "$2"; shift 2; done';

/**
 * Where every daemon's log ended at a moment, so that a symptom is only looked for behind it: a line of the start, or of
 * an earlier fault, proves nothing. Before the first mark, logs are read from their beginning.
 */
export class LogMarks {
  readonly #sizes = new Map<string, ReadonlyMap<string, number>>();

  /** Sets the mark on every node. One that does not answer (it is paused, or off) keeps its earlier mark. */
  async set(cluster: Cluster): Promise<void> {
    await Promise.all(
      cluster.nodes.map(async (node) => {
        const argv = ["find", FOLDER, "-name", "*.log", "-printf", "%s %f\\n"];
        const answer = await node.exec(argv, { signal: cluster.signal }).catch((error: unknown) => {
          cluster.signal.throwIfAborted();
          return { code: -1, stdout: "", error };
        });
        if (answer.code === 0) this.#sizes.set(node.name, parseSizes(answer.stdout));
      }),
    );
  }

  /**
   * The program that prints, on that node, what a daemon has written since: to its log, and to its standard error
   * before it has opened that.
   */
  argvAfter(node: Node, daemon: Daemon["name"]): string[] {
    const service = node.service(daemon);
    const files = [`${service}.log`, `${service}.stderr.log`];
    const pairs = files.flatMap((file) => [
      String(this.#sizes.get(node.machineName)?.get(file) ?? 0),
      `${FOLDER}/${file}`,
    ]);
    return ["bash", "-c", PRINT_AFTER, "after", ...pairs];
  }
}

/** Reads `SIZE NAME` lines. */
function parseSizes(text: string): ReadonlyMap<string, number> {
  const lines = text.split("\n").filter((line) => /^\d+ \S/.test(line));
  return new Map(
    lines.map((line): [string, number] => {
      const [size = "0", name = ""] = line.split(" ");
      return [name, Number(size)];
    }),
  );
}
