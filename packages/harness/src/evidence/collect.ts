import { writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Engine, Owned } from "../engine/engine.ts";
import { LABEL } from "../engine/labels.ts";
import { messageOf } from "../errors/lab-error.ts";
import { makeFolder } from "./make-folder.ts";
import type { NodeFiles } from "./node-files.ts";

/** What Slurm says of itself, asked on the controller. A file each. */
const QUESTIONS: Readonly<Record<string, readonly string[]>> = {
  "nodes.txt": ["scontrol", "show", "node"],
  "jobs.txt": ["scontrol", "show", "job"],
  "partitions.txt": ["scontrol", "show", "partition"],
  "config.txt": ["scontrol", "show", "config"],
  "sinfo.txt": ["sinfo", "-N", "-l"],
  "reasons.txt": ["sinfo", "-R"],
  "squeue.txt": ["squeue", "-l"],
  "sacct.txt": [
    "sacct",
    "-a",
    "-D",
    "-P",
    "-o",
    "JobIDRaw,JobName,User,State,ExitCode,AllocTRES,Submit,Start,End,NodeList",
  ],
  "sdiag.txt": ["sdiag"],
};

/** A dead controller answers nothing: no question may hold up the rest. */
const QUESTION_MS = 10_000;

/**
 * Saves everything that may explain a failure, before it is torn down: every daemon's log, the generated files
 * with secrets masked, `docker inspect`, and what Slurm says. Works on half a cluster too; what cannot be had is
 * written down in its place.
 */
export async function saveEvidence(
  engine: Engine,
  nodes: readonly NodeFiles[],
  folder: string,
): Promise<void> {
  makeFolder(folder);
  await Promise.all(nodes.map((node) => saveNode(engine, node, join(folder, node.node))));
  // After an upgrade each release's commands are asked: those of the other may not be understood.
  const controllers = nodes
    .map(({ container }) => container)
    .filter(({ labels }) => labels[LABEL.roles]?.split(",").includes("slurmctld"));
  for (const release of new Set(controllers.map(({ labels }) => labels[LABEL.upgrade]))) {
    const ctl = controllers.find(({ labels }) => labels[LABEL.upgrade] === release);
    const answers = join(folder, release ? `slurm-${release}` : "slurm");
    if (ctl)
      await Promise.all(
        Object.entries(QUESTIONS).map(([file, argv]) => ask(engine, ctl, argv, join(answers, file))),
      );
  }
}

async function saveNode(engine: Engine, files: NodeFiles, folder: string): Promise<void> {
  const { id } = files.container;
  const inspected = engine.inspectContainer(id).then((info) => JSON.stringify(info, null, 2));
  await save(join(folder, "inspect.json"), inspected);
  await save(join(folder, "container.log"), engine.containerLog(id));
  for (const kind of ["log", "etc"] as const) {
    for (const { path, text } of files[kind]) await save(join(folder, kind, path), Promise.resolve(text));
    const why = files.missing[kind];
    if (why !== undefined) await save(join(folder, `${kind}-missing.txt`), Promise.resolve(why));
  }
}

async function ask(engine: Engine, node: Owned, argv: readonly string[], file: string): Promise<void> {
  const answer = engine.exec(node.id, argv, { signal: AbortSignal.timeout(QUESTION_MS) });
  await save(
    file,
    answer.then(
      ({ code, stdout, stderr }) =>
        `$ ${argv.join(" ")}\n${stdout}${stderr}${code ? `exit code ${code}\n` : ""}`,
    ),
  );
}

/** Writes what comes, or why it did not come. */
async function save(file: string, content: Promise<string>): Promise<void> {
  makeFolder(dirname(file));
  await writeFile(file, await content.catch((error) => `not available: ${messageOf(error)}\n`));
}
