import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { LabError } from "../errors/lab-error.ts";
import { socketEndpoint } from "./endpoints.ts";

/**
 * A private dockerd, for machines where no engine answers.
 *
 * Everything of it lies under one folder, and it touches nothing outside: no docker0 bridge, no firewall rule.
 * Clusters live on internal networks, which need neither, and builds use the host's network.
 */
export interface Embedded {
  readonly folder: string;
  readonly socket: string;
  readonly log: string;
  readonly pidFile: string;
}

/** A Unix socket's path has at most 108 bytes, and containerd adds to ours: keep the folder's path short. */
export function embedded(env: NodeJS.ProcessEnv): Embedded {
  const folder = join(env.SLURMLAB_STATE ?? "/var/lib/slurmlab", "engine");
  return {
    folder,
    socket: join(folder, "docker.sock"),
    log: join(folder, "dockerd.log"),
    pidFile: join(folder, "docker.pid"),
  };
}

export function embeddedEndpoint(place: Embedded) {
  return { ...socketEndpoint(place.socket), source: `slurmlab's own dockerd (${place.socket})` };
}

/** The pid of our dockerd, if it runs. A pid file alone proves nothing: the process must be a dockerd of this folder. */
export function embeddedPid(place: Embedded): number | undefined {
  try {
    const pid = Number(readFileSync(place.pidFile, "utf8"));
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(place.folder) ? pid : undefined;
  } catch {
    return undefined;
  }
}

/** Starts it if it does not run; resolves when `answers` says so. It outlives this process. */
export async function startEmbedded(place: Embedded, answers: () => Promise<boolean>): Promise<void> {
  if (await answers()) return;
  const temporary = join(place.folder, "tmp");
  mkdirSync(join(place.folder, "data"), { recursive: true, mode: 0o711 });
  mkdirSync(temporary, { recursive: true, mode: 0o700 });
  const log = openSync(place.log, "w", 0o600);
  const child = spawn("dockerd", dockerdArguments(place), {
    detached: true,
    stdio: ["ignore", log, log],
    // It outlives the folders of whoever starts it: without its TMPDIR no runc could run a program any more.
    cwd: "/",
    env: { ...process.env, TMPDIR: temporary },
  });
  // The child has its own; an open one here would keep the folder's file system in use.
  closeSync(log);
  let ended: string | undefined;
  child.once("error", (error) => (ended = error.message));
  child.once("exit", (code, signal) => (ended = `exit ${code ?? signal}`));
  child.unref();
  const deadline = performance.now() + 30_000;
  while (!(await answers())) {
    // Two commands may start it at once: the one that loses waits for the winner's.
    const lost = ended !== undefined && embeddedPid(place) === undefined;
    if (lost || performance.now() > deadline) throw notStarted(place, ended ?? "no answer after 30 s");
    await pause(50);
  }
}

function dockerdArguments(place: Embedded): string[] {
  return [
    `--host=unix://${place.socket}`,
    `--data-root=${join(place.folder, "data")}`,
    `--exec-root=${join(place.folder, "exec")}`,
    `--pidfile=${place.pidFile}`,
    "--bridge=none",
    "--iptables=false",
    "--ip6tables=false",
    "--default-address-pool=base=10.213.0.0/16,size=24",
    // Should a system containerd run, dockerd uses that: our own name spaces keep us out of the user's.
    "--containerd-namespace=slurmlab",
    "--containerd-plugins-namespace=slurmlab-plugins",
  ];
}

function notStarted(place: Embedded, seen: string): LabError {
  const lines = readFileSync(place.log, "utf8").trimEnd().split("\n").slice(-5).join("\n");
  return new LabError({
    kind: "no-engine",
    message: "slurmlab's own dockerd did not start",
    seen: `${seen}\n${lines}`,
    where: place.log,
    hint: "start a Docker or Podman service and run the command again; it is found by itself",
  });
}

/** Ends it and waits until it is gone; its containers end with it. False when it did not run. */
export async function stopEmbedded(place: Embedded): Promise<boolean> {
  const pid = embeddedPid(place);
  if (pid === undefined) return false;
  process.kill(pid, "SIGTERM");
  // dockerd gives its containers 15 s before it kills them.
  const deadline = performance.now() + 40_000;
  while (embeddedPid(place) !== undefined) {
    if (performance.now() > deadline) {
      throw new LabError({
        kind: "broken",
        message: `dockerd (pid ${pid}) did not end within 40 s`,
        where: place.log,
      });
    }
    await pause(50);
  }
  return true;
}

/** Stops it and removes its folder: images, containers, volumes. */
export async function purgeEmbedded(place: Embedded): Promise<void> {
  await stopEmbedded(place);
  const { execa } = await import("execa");
  // dockerd leaves its own network name space mounted (exec/netns/default); what lies deepest goes first.
  for (const path of mountsBelow(place.folder).sort((a, b) => b.length - a.length)) {
    const { failed, stderr } = await execa("umount", [path], { reject: false });
    if (failed) {
      throw new LabError({
        kind: "broken",
        message: `${path} cannot be unmounted`,
        seen: stderr,
        hint: "end what uses it, then run the command again",
      });
    }
  }
  rmSync(place.folder, { recursive: true, force: true });
}

function mountsBelow(folder: string): string[] {
  return readFileSync("/proc/self/mounts", "utf8")
    .split("\n")
    .map((line) => line.split(" ")[1] ?? "")
    .filter((path) => path.startsWith(`${folder}/`));
}
