import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { endpoints } from "../src/engine/endpoints.ts";

afterEach(() => vi.unstubAllEnvs());

/** A home folder whose docker client uses this context. */
function homeWithContext(name: string, host: string): string {
  const home = mkdtempSync(join(tmpdir(), "slurmlab-home-"));
  const meta = join(home, ".docker/contexts/meta", createHash("sha256").update(name).digest("hex"));
  mkdirSync(meta, { recursive: true });
  writeFileSync(join(home, ".docker/config.json"), JSON.stringify({ currentContext: name }));
  writeFileSync(
    join(meta, "meta.json"),
    JSON.stringify({ Name: name, Endpoints: { docker: { Host: host } } }),
  );
  vi.stubEnv("HOME", home);
  return home;
}

describe("where an engine is looked for", () => {
  test("DOCKER_HOST goes before everything, alone", () => {
    homeWithContext("work", "unix:///run/work.sock");
    const found = endpoints({ DOCKER_HOST: "tcp://10.0.0.1:2375" });
    expect(found.map(({ source, chosen }) => ({ source, chosen }))).toEqual([
      { source: "DOCKER_HOST (tcp://10.0.0.1:2375)", chosen: true },
    ]);
  });

  test("the current docker context comes next", () => {
    homeWithContext("work", "unix:///run/work.sock");
    expect(endpoints({})[0]).toEqual({
      source: 'the docker context "work" (unix:///run/work.sock)',
      options: { socketPath: "/run/work.sock" },
      chosen: false,
    });
  });

  test("a context over ssh keeps its user and port", () => {
    homeWithContext("far", "ssh://me@cluster:2222");
    expect(endpoints({})[0]?.options).toMatchObject({
      protocol: "ssh",
      host: "cluster",
      port: "2222",
      username: "me",
    });
  });

  test("the default context is no context", () => {
    homeWithContext("default", "unix:///run/x.sock");
    expect(endpoints({}).some((endpoint) => endpoint.source.includes("context"))).toBe(false);
  });

  test("Docker's rootless socket comes before Podman's", () => {
    const runtime = mkdtempSync(join(tmpdir(), "slurmlab-run-"));
    mkdirSync(join(runtime, "podman"));
    for (const socket of ["docker.sock", "podman/podman.sock"]) writeFileSync(join(runtime, socket), "");
    const found = endpoints({ XDG_RUNTIME_DIR: runtime }).map((endpoint) => endpoint.source);
    expect(found.indexOf(join(runtime, "docker.sock"))).toBeGreaterThanOrEqual(0);
    expect(found.indexOf(join(runtime, "podman/podman.sock"))).toBeGreaterThan(
      found.indexOf(join(runtime, "docker.sock")),
    );
  });

  test("a broken docker configuration is passed over", () => {
    const home = homeWithContext("work", "unix:///run/work.sock");
    writeFileSync(join(home, ".docker/config.json"), "{");
    expect(homedir()).toBe(home);
    expect(endpoints({}).some((endpoint) => endpoint.source.includes("context"))).toBe(false);
  });
});
