import { LabError, messageOf } from "../errors/lab-error.ts";
import { DockerEngine } from "./docker.ts";
import { embedded, embeddedEndpoint, embeddedPid, startEmbedded } from "./embedded.ts";
import { type Endpoint, endpoints } from "./endpoints.ts";
import type { Engine } from "./engine.ts";
import { hasProgram, type InstallIo, installPackages, whyNoInstall } from "./install.ts";

/** An engine and how it was found, as one line. */
export interface FoundEngine {
  readonly engine: Engine;
  readonly line: string;
  /** What dockerode and testcontainers need to reach the same engine, where it is a socket. */
  readonly socket: string | undefined;
}

const ENGINE_PACKAGES = ["docker.io", "iptables", "mmdebstrap", "debian-archive-keyring"];

/** The first engine that answers, without starting or installing anything; undefined when none does. */
export async function lookForEngine(env: NodeJS.ProcessEnv): Promise<FoundEngine | undefined> {
  const tried: string[] = [];
  for (const endpoint of endpoints(env)) {
    const found = await tryEndpoint(endpoint, tried);
    if (found) return found;
    if (endpoint.chosen) {
      throw new LabError({
        kind: "no-engine",
        message: `no container engine answers at ${endpoint.source}`,
        seen: tried.join("\n"),
        hint: "start that engine, or unset DOCKER_HOST and DOCKER_CONTEXT to let slurmlab look for one",
      });
    }
  }
  return await tryEndpoint(embeddedEndpoint(embedded(env)), tried);
}

/**
 * An engine, come what may: one that is there, else our own dockerd, installed first if it has to be and may be.
 * Rejects with the ways out for this platform.
 */
export async function findEngine(env: NodeJS.ProcessEnv, io: InstallIo): Promise<FoundEngine> {
  return (await lookForEngine(env)) ?? (await ownEngine(env, io));
}

/** Our own dockerd, beside any other engine that there is: started if it does not run, installed if it has to be. */
export async function ownEngine(env: NodeJS.ProcessEnv, io: InstallIo): Promise<FoundEngine> {
  if (process.platform !== "linux" || process.getuid?.() !== 0)
    throw noEngine("only root on Linux can start one");
  if (!hasProgram("dockerd")) {
    const forbidden = whyNoInstall(env);
    if (forbidden) throw noEngine(forbidden);
    await installPackages(ENGINE_PACKAGES, "to start a container engine", io);
    // On a machine with systemd the package has started the system's own engine by now.
    const installed = await lookForEngine(env);
    if (installed) return installed;
  }
  const place = embedded(env);
  if (embeddedPid(place) === undefined) io.say(`starting slurmlab's own dockerd in ${place.folder}`);
  await startEmbedded(place, async () => (await tryEndpoint(embeddedEndpoint(place), [])) !== undefined);
  const found = await tryEndpoint(embeddedEndpoint(place), []);
  if (!found) throw noEngine(`the dockerd in ${place.folder} stopped answering`);
  return found;
}

async function tryEndpoint(endpoint: Endpoint, tried: string[]): Promise<FoundEngine | undefined> {
  try {
    const engine = await DockerEngine.connect(endpoint.options);
    const { product, cpus, memoryMb } = engine.facts;
    return {
      engine,
      line: `${product} at ${endpoint.source}: ${cpus} CPUs, ${Math.round(memoryMb / 1024)} GiB`,
      socket: endpoint.options.socketPath ?? undefined,
    };
  } catch (error) {
    tried.push(`${endpoint.source}: ${messageOf(error)}`);
    return undefined;
  }
}

function noEngine(why: string): LabError {
  const ways: Partial<Record<NodeJS.Platform, string>> = {
    darwin: "start Docker Desktop, OrbStack, Colima or `podman machine start`",
    win32: "run inside WSL 2 with Docker Desktop's integration switched on",
  };
  const linux = [
    "start the system's engine: systemctl start docker (or: systemctl --user start podman.socket)",
    "or name one: DOCKER_HOST=unix:///path/to/docker.sock",
    "or let slurmlab install and start its own: run as root on Debian or Ubuntu, without SLURMLAB_NO_INSTALL",
  ].join("\n");
  return new LabError({
    kind: "no-engine",
    message: "no container engine answers, and none can be started from here",
    expected: "Docker 20.10 or later, or Podman's Docker-compatible socket",
    seen: why,
    hint: ways[process.platform] ?? linux,
  });
}
