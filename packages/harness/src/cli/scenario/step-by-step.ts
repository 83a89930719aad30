import { nearest } from "@slurmlab/config-gen";
import { type Cluster, nodeNamed, nodeOf } from "../../cluster/cluster.ts";
import { clusterNames } from "../../cluster/names.ts";
import { LabError } from "../../errors/lab-error.ts";
import type { Terminal } from "../terminal.ts";

const PROMPT = "Enter goes on, s NODE opens a shell on a node, q quits > ";

/**
 * Asks a person before each step: to go on, to look around on a node first, or to quit, which ends the run as Ctrl-C does.
 */
export function stepByStep(
  out: Pick<Terminal, "ask" | "note" | "attach">,
): (sentence: string, cluster: Cluster) => Promise<void> {
  return async (sentence, cluster) => {
    out.note(`next: ${sentence}`);
    for (;;) {
      const [word = "", name, ...more] = (await out.ask(PROMPT, cluster.signal)).trim().split(/\s+/);
      if (word === "") return;
      if (word === "q") throw new LabError({ kind: "interrupted", message: `quit before: ${sentence}` });
      if (word === "s" && more.length === 0) await openShell(cluster, name, out);
      else out.note(`"${word}" is none of these`);
    }
  };
}

/** A shell on a node; on the login node when none is named. */
async function openShell(
  cluster: Cluster,
  name: string | undefined,
  out: Pick<Terminal, "note" | "attach">,
): Promise<void> {
  const names = cluster.nodes.map((node) => node.name);
  if (name !== undefined && !names.includes(name)) {
    const near = nearest(name, names);
    out.note(
      `there is no node "${name}"${near ? `; did you mean "${near}"?` : `, only ${names.join(", ")}`}`,
    );
    return;
  }
  const node = name === undefined ? nodeOf(cluster, "login") : nodeNamed(cluster, name);
  const container = clusterNames(cluster.id).container(node.name);
  await out.attach((size) => cluster.engine.openTerminal(container, ["bash", "-l"], size));
}
