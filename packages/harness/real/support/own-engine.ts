import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import Docker from "dockerode";
import { execa } from "execa";
import { inject } from "vitest";
import { DockerEngine } from "../../src/engine/docker.ts";
import { embedded, embeddedPid, purgeEmbedded, startEmbedded } from "../../src/engine/embedded.ts";
import type { Owned } from "../../src/engine/engine.ts";
import type { RunResult } from "../../src/report/result.ts";
import { answersAt } from "./own-dockerd.ts";

const MAIN = join(import.meta.dirname, "../../src/cli/main.ts");

/** Containers of a cluster of one worker are made of these. */
const ROLES = ["slurmctld", "slurmdbd", "db", "login", "slurmd"];

/** A run's report, and the folder that the command ran in. */
export interface Ran {
  readonly exitCode: number | undefined;
  readonly report: RunResult;
  readonly folder: string;
}

/** What is done to a run, and at which line of its progress. */
export interface Moment {
  readonly at: RegExp;
  readonly event: () => unknown;
}

/** A dockerd of the test's own, on a disk of its own, which may be stopped, killed and filled. */
export class OwnEngine {
  /** On a small file system in memory. */
  readonly disk = mkdtempSync(join(tmpdir(), "sv-"));
  readonly #place = embedded({ SLURMLAB_STATE: this.disk });

  async start(): Promise<void> {
    await startEmbedded(this.#place, () => answersAt(this.#place.socket));
  }

  /** With the images of one release. */
  async make(megabytes: number): Promise<void> {
    await execa("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m`, "tmpfs", this.disk]);
    await this.start();
    const shared = await DockerEngine.connect({ socketPath: inject("socket") });
    const tags = ROLES.map((role) => inject("slurmImages")["24.11"]?.[role] ?? "");
    const own = await this.engine();
    await own.loadImages(await shared.saveImages(tags), new AbortController().signal);
  }

  async purge(): Promise<void> {
    const pid = embeddedPid(this.#place);
    if (pid !== undefined) process.kill(pid, "SIGCONT");
    await purgeEmbedded(this.#place);
    // Its containerd ends a moment after it.
    const late = performance.now() + 10_000;
    for (;;) {
      const { failed, stderr } = await execa("umount", [this.disk], { reject: false });
      if (!failed) break;
      if (performance.now() > late) throw new Error(stderr);
      await pause(100);
    }
    rmSync(this.disk, { recursive: true });
  }

  engine(): Promise<DockerEngine> {
    return DockerEngine.connect({ socketPath: this.#place.socket });
  }

  get docker(): Docker {
    return new Docker({ socketPath: this.#place.socket });
  }

  /** The container of a node of the one cluster that there is. */
  async container(node: string): Promise<Docker.Container> {
    const { docker } = this;
    const [found] = await docker.listContainers({ filters: { label: [`slurmlab.node=${node}`] } });
    return docker.getContainer(found?.Id ?? "");
  }

  signal(name: NodeJS.Signals): void {
    process.kill(embeddedPid(this.#place) ?? Number.NaN, name);
  }

  /** Ends it and starts it again, as soon as it has ended. */
  async restart(name: NodeJS.Signals): Promise<void> {
    const containerd = join(this.#place.folder, "exec/containerd/containerd.pid");
    // Its containerd dies with it, a moment later: a dockerd that still finds the process takes it for its own, and waits in vain.
    const pids = [this.#place.pidFile, containerd].map((file) => readFileSync(file, "utf8").trim());
    this.signal(name);
    while (pids.some((pid) => existsSync(`/proc/${pid}`))) await pause(50);
    await this.start();
  }

  /** What slurmlab has in it. */
  async left(): Promise<Owned[]> {
    return await (await this.engine()).listOwned();
  }

  /** Runs a scenario, and does each of these things when its progress has a line like that one, in turn. */
  async run(scenario: string, ...moments: ReadonlyArray<Moment>): Promise<Ran> {
    const folder = mkdtempSync(join(tmpdir(), "slurmlab-survives-"));
    const running = execa(process.execPath, [MAIN, "scenario", scenario, "--json"], {
      cwd: folder,
      reject: false,
      env: { DOCKER_HOST: `unix://${this.#place.socket}` },
    });
    const waiting = [...moments];
    const done: Array<Promise<unknown>> = [];
    createInterface({ input: running.stderr }).on("line", (line) => {
      const [next] = waiting;
      if (!next?.at.test(line)) return;
      waiting.shift();
      done.push(Promise.resolve(next.event()));
    });
    const { stdout, stderr, exitCode } = await running;
    await Promise.all(done);
    if (!stdout.startsWith("{")) throw new Error(`no report: ${stdout}\n${stderr}`);
    if (waiting.length > 0) throw new Error(`${waiting[0]?.at} was never told:\n${stderr}`);
    return { exitCode, report: JSON.parse(stdout) as RunResult, folder };
  }
}
