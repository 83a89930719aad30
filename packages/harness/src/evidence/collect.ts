import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join, normalize } from "node:path";
import type { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { extract } from "tar-stream";
import type { Engine, Owned } from "../engine/engine.ts";
import { LABEL } from "../engine/labels.ts";
import { messageOf } from "../errors/lab-error.ts";
import { maskSecrets } from "./mask.ts";

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
 * with secrets masked, `docker inspect`, and what Slurm says. Works from labels, so on half a cluster too; what
 * cannot be had is written down in its place. Returns the log texts, for finding clues.
 */
export async function collectEvidence(engine: Engine, cluster: string, folder: string): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const owned = (await engine.listOwned()).filter((part) => part.labels[LABEL.cluster] === cluster);
  const nodes = owned.filter((part) => part.kind === "container");
  const texts = await Promise.all(
    nodes.map((node) => nodeEvidence(engine, node, join(folder, nodeName(node)))),
  );
  // After an upgrade each release's commands are asked: those of the other may not be understood.
  const controllers = nodes.filter((node) => node.labels[LABEL.roles]?.split(",").includes("slurmctld"));
  for (const release of new Set(controllers.map(({ labels }) => labels[LABEL.upgrade]))) {
    const ctl = controllers.find(({ labels }) => labels[LABEL.upgrade] === release);
    const answers = join(folder, release ? `slurm-${release}` : "slurm");
    if (ctl)
      await Promise.all(
        Object.entries(QUESTIONS).map(([file, argv]) => ask(engine, ctl, argv, join(answers, file))),
      );
  }
  return texts.flat();
}

async function nodeEvidence(engine: Engine, node: Owned, folder: string): Promise<string[]> {
  const texts: string[] = [];
  const inspected = engine.inspectContainer(node.id).then((info) => JSON.stringify(info, null, 2));
  await save(join(folder, "inspect.json"), inspected);
  await save(join(folder, "container.log"), engine.containerLog(node.id));
  for (const [path, as] of [
    ["/var/log/slurm", "log"],
    ["/etc/slurm", "etc"],
  ] as const) {
    try {
      for await (const file of filesOf(await engine.getFiles(node.id, path))) {
        const text = maskSecrets(file.path, file.content);
        if (text === undefined) continue;
        if (as === "log") texts.push(text);
        // The archive's own top folder is `slurm` for both.
        await save(join(folder, file.path.replace(/^slurm\//, `${as}/`)), Promise.resolve(text));
      }
    } catch (error) {
      await save(join(folder, `${as}-missing.txt`), Promise.resolve(messageOf(error)));
    }
  }
  return texts;
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
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, await content.catch((error) => `not available: ${messageOf(error)}\n`));
}

/** `g1`, and `g1-26.05` for what joined it in an upgrade. */
function nodeName({ name, labels }: Owned): string {
  const release = labels[LABEL.upgrade];
  return `${labels[LABEL.node] ?? name}${release ? `-${release}` : ""}`;
}

/** Regular files of a tar stream, under paths that cannot leave the folder they are written to. */
async function* filesOf(tar: Readable): AsyncGenerator<{ path: string; content: Buffer }> {
  for await (const entry of tar.pipe(extract())) {
    const content = await buffer(entry);
    const path = normalize(`/${entry.header.name}`).slice(1);
    if (entry.header.type === "file") yield { path, content };
  }
}
