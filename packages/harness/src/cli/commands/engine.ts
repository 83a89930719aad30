import type { Command } from "commander";
import { listClusters } from "../../cluster/sweep.ts";
import { embedded, embeddedPid, purgeEmbedded, stopEmbedded } from "../../engine/embedded.ts";
import { findEngine, lookForEngine, ownEngine } from "../../engine/find.ts";
import { EXIT, LabError } from "../../errors/lab-error.ts";
import { terminal } from "../terminal.ts";
import { examplesOf } from "./examples.ts";

const examples = examplesOf("pnpm engine");

export function engineCommand(program: Command, setExit: (code: number) => void): void {
  const engine = program.command("engine").description("show and control the container engine");
  engine
    .command("status")
    .description("say which engine would be used, and whether slurmlab's own runs")
    .option("--json", "print JSON")
    .addHelpText("after", examples(["status", "status --json"]))
    .action(async (options: { json?: boolean }) => setExit(await status(options)));
  engine
    .command("start")
    .description(
      "make an engine available: one that is there, else slurmlab's own (installed first where that is allowed)",
    )
    .option("--own", "slurmlab's own, although another one is there")
    .option("-y, --yes", "install without asking")
    .addHelpText("after", examples(["start", "start --own --yes"]))
    .action(async (options: { own?: boolean; yes?: boolean }) => {
      const out = terminal(options);
      const find = options.own ? ownEngine : findEngine;
      out.print((await find(process.env, { say: out.note, confirm: out.confirm })).line);
      setExit(EXIT.ok);
    });
  engine
    .command("stop")
    .description("stop slurmlab's own engine; an engine of yours is never touched")
    .option("--force", "even with clusters on it")
    .addHelpText("after", examples(["stop", "stop --force"]))
    .action(async (options: { force?: boolean }) => setExit(await stop(options)));
  engine
    .command("purge")
    .description(
      "stop slurmlab's own engine and remove its folder, without a question: images, clusters, everything",
    )
    .option("--force", "even with clusters on it")
    .addHelpText("after", examples(["purge", "purge --force"]))
    .action(async (options: { force?: boolean }) => {
      const out = terminal({});
      await refuseWithClusters(options);
      const place = embedded(process.env);
      await purgeEmbedded(place);
      out.print(`removed ${place.folder}`);
      setExit(EXIT.ok);
    });
}

async function status(options: { json?: boolean }): Promise<number> {
  const out = terminal(options);
  const place = embedded(process.env);
  const pid = embeddedPid(place);
  const found = await lookForEngine(process.env);
  if (options.json) {
    const facts = found?.engine.facts;
    out.print(
      JSON.stringify(
        {
          engine: facts ?? null,
          line: found?.line ?? null,
          socket: found?.socket ?? null,
          embedded: { folder: place.folder, pid: pid ?? null },
        },
        null,
        2,
      ),
    );
  } else {
    out.print(found?.line ?? "no container engine answers; `pnpm engine start` starts one");
    out.print(
      `slurmlab's own: ${pid === undefined ? "not running" : `running, pid ${pid}`} (${place.folder})`,
    );
  }
  return EXIT.ok;
}

async function stop(options: { force?: boolean }): Promise<number> {
  const out = terminal({});
  await refuseWithClusters(options);
  const stopped = await stopEmbedded(embedded(process.env));
  out.print(stopped ? "stopped" : "slurmlab's own engine does not run");
  return EXIT.ok;
}

async function refuseWithClusters(options: { force?: boolean }): Promise<void> {
  const place = embedded(process.env);
  if (options.force || embeddedPid(place) === undefined) return;
  const found = await lookForEngine({ ...process.env, DOCKER_HOST: `unix://${place.socket}` });
  const clusters = found ? await listClusters(found.engine) : [];
  const living = clusters.filter((cluster) => cluster.state !== "left behind");
  if (living.length === 0) return;
  throw new LabError({
    kind: "bad-input",
    message: "clusters run on this engine",
    seen: living.map((cluster) => `${cluster.id} (${cluster.state})`).join("\n"),
    hint: "remove them first (`pnpm cluster down --all`), or give --force",
  });
}
