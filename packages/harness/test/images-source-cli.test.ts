import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { pack } from "tar-stream";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { getTarball } from "../src/cli/images/tarball.ts";
import { inProcess } from "./support/in-process.ts";

const FOLDER = mkdtempSync(join(tmpdir(), "slurmlab-source-"));
vi.stubEnv("INIT_CWD", FOLDER);
// No engine answers there: whatever gets as far as looking for one ends with 3.
vi.stubEnv("DOCKER_HOST", "unix:///nonexistent/docker.sock");

/** `pnpm images build` in this process: twenty of their own would take a second each. */
const build = (...args: string[]) => inProcess(["images", "build", ...args]);

const BYTES = await slurm("22.05.8");
const SUM = createHash("sha256").update(BYTES).digest("hex");
const file = (name: string, content: Buffer | string): string => {
  writeFileSync(join(FOLDER, name), content);
  return name;
};
const TARBALL = file("slurm-22.05.8.tar.gz", BYTES);

async function slurm(version: string): Promise<Buffer> {
  const tar = pack();
  tar.entry({ name: "slurm/META" }, `  Name:\tslurm\n  Version:\t${version}\n`);
  tar.entry({ name: "slurm/configure" }, "#!/bin/sh\n");
  tar.finalize();
  return gzipSync(await buffer(tar));
}

async function server(listener: RequestListener): Promise<string> {
  const listening: Server = createServer(listener).listen(0, "127.0.0.1");
  onTestFinished(() => {
    listening.closeAllConnections();
    listening.close();
  });
  await once(listening, "listening");
  return `http://127.0.0.1:${(listening.address() as AddressInfo).port}`;
}

describe("a build from source", () => {
  test("that has everything goes on to look for an engine, and says on what it is compiled", async () => {
    const { exitCode, stdout } = await build("--source", TARBALL, "--slurm", "22.05.8", "--sha256", SUM);
    expect({ exitCode, said: stdout.split("\n")[0] }).toEqual({
      exitCode: 3,
      said: "slurm-22.05.8.tar.gz: Slurm 22.05.8, compiled on bookworm, which has 22.05, the nearest release of the catalog",
    });
  });

  test("takes the suite of --base, and arguments of configure that begin with dashes", async () => {
    const more = ["--base", "trixie", "--configure-arg", "--without-hwloc", "--configure-arg=--with-x=y"];
    const { exitCode, stdout } = await build(
      "--source",
      TARBALL,
      "--slurm",
      "22.05.8",
      "--sha256",
      SUM,
      ...more,
    );
    expect({ exitCode, said: /compiled on trixie, as --base says/.test(stdout) }).toEqual({
      exitCode: 3,
      said: true,
    });
  });

  test("takes a URL", async () => {
    const url = await server((_, response) => response.end(BYTES));
    const { exitCode, stdout } = await build(
      "--source",
      `${url}/pub/slurm-22.05.8.tar.gz?key=secret`,
      "--slurm",
      "22.05.8",
      "--sha256",
      SUM,
    );
    expect({ exitCode, said: stdout.startsWith("slurm-22.05.8.tar.gz: Slurm 22.05.8") }).toEqual({
      exitCode: 3,
      said: true,
    });
  });
});

test("a server that takes the connection and says nothing is given up on, with the time that was waited", async () => {
  const url = await server(() => {});
  const getting = getTarball(`${url}/slurm.tar.bz2`, new AbortController().signal, 200);
  await expect(getting).rejects.toMatchObject({
    kind: "bad-input",
    seen: expect.stringMatching(/^nothing came for 0\.2 s, 0 bytes before that \(waited 0\.\d s\)$/),
  });
});

test("a server that goes on sending, however slowly, is waited for", async () => {
  const url = await server((_, response) => {
    const parts = ["a", "b", "c", "d"];
    const more = setInterval(() => {
      const part = parts.shift();
      if (part) response.write(part);
      else response.end(() => clearInterval(more));
    }, 100);
  });
  const { bytes } = await getTarball(`${url}/slurm.tar.bz2`, new AbortController().signal, 300);
  expect(bytes.toString()).toBe("abcd");
});

describe("is bad input, before anything is started:", () => {
  const refused = async (...args: string[]) => {
    const { exitCode, stderr } = await build(...args);
    expect(exitCode).toBe(2);
    return stderr;
  };
  const of = (source: string, ...more: string[]) =>
    refused("--source", source, "--slurm", "22.05.8", ...more);

  test("a tarball without a sum, with the sum that it has and where to compare it", async () => {
    const stderr = await of(TARBALL);
    expect(stderr).toMatch(/has to be given/);
    expect(stderr).toContain(`seen     its sum is ${SUM}`);
    expect(stderr).toMatch(/SchedMD's download page/);
  });

  test("another sum", async () => {
    const stderr = await of(TARBALL, "--sha256", "0".repeat(64));
    expect(stderr).toMatch(
      new RegExp(`another file than --sha256 says\\n +expected +0{64}\\n +seen +${SUM}`),
    );
  });

  test("a sum that is none", async () => {
    expect(await of(TARBALL, "--sha256", "abc")).toMatch(/expected 64 hexadecimal digits\n +seen +abc/);
  });

  test("another version than the tarball's", async () => {
    const other = file("other.tar.gz", await slurm("23.11.10"));
    expect(await of(other)).toMatch(
      /another Slurm than --slurm says\n +expected 22.05.8\n +seen +23.11.10, in its META\n +do +--slurm 23.11.10/,
    );
  });

  test("a file that is no tarball", async () => {
    expect(await of(file("page.html", "<html>not found</html>"))).toMatch(
      /page.html is no source of Slurm\n +expected a .tar.bz2, .tar.gz or .tar.xz\n +seen +text that begins with "<html>/,
    );
  });

  test("a tarball of something else", async () => {
    const tar = pack();
    tar.entry({ name: "hello/README" }, "hello");
    tar.finalize();
    const path = file("hello.tar.gz", gzipSync(await buffer(tar)));
    expect(await of(path)).toMatch(
      /is no source of Slurm[\s\S]*seen +hello, without META, without configure/,
    );
  });

  test("a file that is not there, with its whole path", async () => {
    expect(await of("nowhere.tar.bz2")).toContain(`${join(FOLDER, "nowhere.tar.bz2")} does not exist`);
  });

  test("a folder", async () => {
    expect(await of(".")).toMatch(/cannot be read/);
  });

  test("a URL where nothing listens, with the time that was waited", async () => {
    const closed = createServer().listen(0, "127.0.0.1");
    await once(closed, "listening");
    const { port } = closed.address() as AddressInfo;
    closed.close();
    await once(closed, "close");
    const stderr = await of(`http://127.0.0.1:${port}/slurm.tar.gz`);
    expect(stderr).toMatch(/could not be fetched[\s\S]*ECONNREFUSED[\s\S]*\(waited \d+\.\d s\)/);
  });

  test("a URL whose file is not there", async () => {
    const url = await server((_, response) => {
      response.statusCode = 404;
      response.end();
    });
    expect(await of(`${url}/slurm.tar.bz2`)).toMatch(/slurm.tar.bz2 is not there[\s\S]*seen +404 Not Found/);
  });

  test("a URL that is none of http", async () => {
    expect(await of("ftp://127.0.0.1/slurm.tar.bz2")).toMatch(/a URL of http or https/);
  });

  test("a release in place of a version", async () => {
    expect(await refused("--source", TARBALL, "--slurm", "22.05")).toMatch(/such as 22.05.8\n +seen +22.05/);
  });

  test("several versions", async () => {
    expect(await refused("--source", TARBALL, "--slurm", "22.05.8", "22.05.9")).toMatch(/one version/);
  });

  test("a version older than everything that can be configured", async () => {
    expect(await refused("--source", TARBALL, "--slurm", "19.05.8")).toMatch(/older than every release/);
  });

  test("a suite that is none", async () => {
    expect(await of(TARBALL, "--base", "Trixie")).toMatch(/--base is no Debian suite/);
  });

  test("a base that is no image, though it has an image's signs", async () => {
    expect(await of(TARBALL, "--base", "../etc")).toMatch(/--base ..\/etc is no image/);
  });

  test("an argument of configure of two lines", async () => {
    expect(await of(TARBALL, "--configure-arg", "a\nb")).toMatch(/is no argument of configure/);
  });

  test("a lock file beside a source", async () => {
    expect(await of(TARBALL, "--lock", "images.lock.json")).toMatch(/expected one of the two/);
  });

  test("options of a source without one", async () => {
    expect(await refused("--sha256", SUM, "--configure-arg", "--x")).toMatch(
      /--sha256 and --configure-arg without a source/,
    );
  });

  test("a suite for packages, as the catalog says which one a release has", async () => {
    expect(await refused("--base", "trixie")).toMatch(
      /--base trixie is no image\n +expected an image with its tag/,
    );
  });

  test("a variant that a release's suite does not have, with the reason", async () => {
    expect(await refused("--variant", "apptainer", "--slurm", "22.05")).toMatch(
      /no variant apptainer on bookworm: .* libc6 2\.38/,
    );
  });

  test("a lock file for a variant", async () => {
    const lock = file("images.lock.json", '{"lock":1,"images":{}}');
    expect(await refused("--variant", "mpi", "--lock", join(FOLDER, lock))).toMatch(
      /expected one of the two/,
    );
  });
});
