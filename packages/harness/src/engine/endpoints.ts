import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type Docker from "dockerode";

/** One place where an engine may be found. */
export interface Endpoint {
  /** What a person would call it: `DOCKER_HOST`, `the docker context "desktop"`, `/run/podman/podman.sock`. */
  readonly source: string;
  readonly options: Docker.DockerOptions;
  /** The user named it outright: when it does not answer, that is an error and no reason to look elsewhere. */
  readonly chosen: boolean;
}

/**
 * Where to look, in order: DOCKER_HOST; the current docker context; Docker's sockets (rootful, rootless, Docker
 * Desktop and its kin); Podman's Docker-compatible sockets. Reads files only; sockets that are not there are left out.
 */
export function endpoints(env: NodeJS.ProcessEnv): Endpoint[] {
  if (env.DOCKER_HOST) {
    const socketPath = /^unix:\/\/(.+)/.exec(env.DOCKER_HOST)?.[1];
    // Without options docker-modem reads DOCKER_HOST, DOCKER_TLS_VERIFY and DOCKER_CERT_PATH as the docker client does.
    return [
      { source: `DOCKER_HOST (${env.DOCKER_HOST})`, options: socketPath ? { socketPath } : {}, chosen: true },
    ];
  }
  const home = homedir();
  const runtime = env.XDG_RUNTIME_DIR ?? `/run/user/${process.getuid?.() ?? 0}`;
  const sockets = [
    "/var/run/docker.sock",
    join(runtime, "docker.sock"),
    join(home, ".docker/run/docker.sock"),
    join(home, ".docker/desktop/docker.sock"),
    join(home, ".orbstack/run/docker.sock"),
    join(home, ".colima/default/docker.sock"),
    join(home, ".rd/docker.sock"),
    join(runtime, "podman/podman.sock"),
    "/run/podman/podman.sock",
    join(home, ".local/share/containers/podman/machine/podman.sock"),
  ];
  const context = currentContext(env, join(home, ".docker"));
  return [
    ...(context ? [context] : []),
    ...sockets.filter((path) => existsSync(path)).map((path) => socketEndpoint(path)),
  ];
}

export function socketEndpoint(path: string): Endpoint {
  return { source: path, options: { socketPath: path }, chosen: false };
}

/** The docker client's own store: config.json names the context, contexts/meta/SHA256(NAME)/meta.json has its host. */
function currentContext(env: NodeJS.ProcessEnv, folder: string): Endpoint | undefined {
  const name =
    env.DOCKER_CONTEXT ?? readJson<{ currentContext?: string }>(join(folder, "config.json"))?.currentContext;
  if (!name || name === "default") return undefined;
  const id = createHash("sha256").update(name).digest("hex");
  const meta = readJson<{ Endpoints?: { docker?: { Host?: string } } }>(
    join(folder, "contexts/meta", id, "meta.json"),
  );
  const host = meta?.Endpoints?.docker?.Host;
  if (!host) return undefined;
  const source = `the docker context "${name}" (${host})`;
  const chosen = env.DOCKER_CONTEXT !== undefined;
  if (host.startsWith("unix://"))
    return { source, options: { socketPath: host.slice("unix://".length) }, chosen };
  const url = new URL(host);
  const tls = join(folder, "contexts/tls", id, "docker");
  const keys = existsSync(join(tls, "ca.pem"))
    ? { ca: read(tls, "ca.pem"), cert: read(tls, "cert.pem"), key: read(tls, "key.pem") }
    : {};
  const protocol = url.protocol === "ssh:" ? "ssh" : "ca" in keys ? "https" : "http";
  const user = url.username ? { username: url.username } : {};
  return { source, options: { host: url.hostname, port: url.port, protocol, ...user, ...keys }, chosen };
}

function read(folder: string, name: string): Buffer {
  return readFileSync(join(folder, name));
}

function readJson<T>(path: string): T | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as T;
  } catch {
    return undefined;
  }
}
