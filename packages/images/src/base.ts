import { once } from "node:events";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import type { ExecaError } from "execa";
import type { ImageEngine } from "./engine.ts";
import type { ContextFile } from "./files.ts";
import type { BaseImage } from "./recipe.ts";

/** Makes a program available, installing its package where that is allowed; rejects with what to do otherwise. */
export type EnsureTool = (tool: string, packages: readonly string[], why: string) => Promise<void>;

/**
 * Makes sure that the base image is there: the suite's image if the engine has it, else a registry's, else one
 * bootstrapped by mmdebstrap, which needs no registry at all. Says which in one line.
 */
export async function ensureBase(
  engine: ImageEngine,
  base: BaseImage,
  io: { ensureTool: EnsureTool; onLine: (line: string) => void; signal: AbortSignal },
): Promise<void> {
  if (await engine.hasImage(base.tag)) return;
  if (!base.site && !(await engine.hasImage(base.reference))) {
    const refused = await pull(engine, base.reference, io.signal);
    if (refused !== undefined) {
      io.onLine(
        `${base.reference} cannot be pulled (${refused}); bootstrapping ${base.suite} with mmdebstrap`,
      );
      await bootstrap(engine, base, io);
      return;
    }
  }
  io.onLine(`base image: ${base.reference}`);
  await engine.tagImage(base.reference, base.tag);
}

/** Undefined when it was pulled, else why not: the engine's own words. */
async function pull(
  engine: ImageEngine,
  reference: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    await engine.pullImage(reference, signal);
    return undefined;
  } catch (error) {
    signal.throwIfAborted();
    return engineWords(error);
  }
}

/** What an engine said of a request that it refused, without how that came over HTTP. */
export function engineWords(error: unknown): string {
  return (error as Error).message.replace(/^\(HTTP code \d+\) [^-]*- /, "").trim();
}

/** Nobody reads in a container. */
const UNREAD = ["/usr/share/man", "/usr/share/locale", "/usr/share/doc"];

/** What makes a bootstrap small and quick, as mmdebstrap's options. */
export const BOOTSTRAP_OPTIONS: readonly string[] = [
  "--variant=minbase",
  "--format=tar",
  // A mirror may be a frozen copy, whose release files have run out.
  '--aptopt=Acquire::Check-Valid-Until "false"',
  '--aptopt=Acquire::Languages "none"',
  '--aptopt=APT::Install-Recommends "false"',
  "--dpkgopt=force-unsafe-io",
];

/** mmdebstrap's own hook for a /usr that is merged from the start; Debian 11's has none. */
const MERGED_USR = "/usr/share/mmdebstrap/hooks/merged-usr";

/**
 * bookworm's essential packages want `usrmerge | usr-is-merged`: the first of them moves a system's files, and brings 50 MB of Perl
 * to do it, where the second finds that nothing is to be moved. Later suites are merged by their packages, earlier ones not at all.
 */
function withoutPerl(suite: string): string[] {
  if (suite !== "bookworm" || !existsSync(MERGED_USR)) return [];
  const preferences = '"$1/etc/apt/preferences.d/slurmlab"';
  return [
    `--hook-dir=${MERGED_USR}`,
    `--setup-hook=mkdir -p "$1/etc/apt/preferences.d" && printf "Package: usrmerge\nPin: release *\nPin-Priority: -1\n" > ${preferences}`,
    `--customize-hook=rm ${preferences}`,
  ];
}

async function bootstrap(
  engine: ImageEngine,
  base: BaseImage,
  io: { ensureTool: EnsureTool; onLine: (line: string) => void; signal: AbortSignal },
): Promise<void> {
  await io.ensureTool(
    "mmdebstrap",
    ["mmdebstrap", "debian-archive-keyring"],
    "to make a base image without a registry",
  );
  const mirror = await debianMirror();
  const args = [
    ...BOOTSTRAP_OPTIONS,
    ...withoutPerl(base.suite),
    // Told to dpkg as an option, it costs as much again as the whole unpacking: each package then goes through a filter.
    `--customize-hook=${UNREAD.map((folder) => `rm -rf "$1${folder}"/*; echo "path-exclude=${folder}/*" >> "$1/etc/dpkg/dpkg.cfg.d/slurmlab"`).join("; ")}`,
    // This machine's mirror is nobody else's business; builds are told it each time.
    ...(mirror ? ['--customize-hook=: > "$1/etc/apt/sources.list"'] : []),
    ...(mirror?.startsWith("https:") ? ["--include=ca-certificates"] : []),
    base.suite,
    "-",
    ...(mirror ? [mirror] : []),
  ];
  const unread = new AbortController();
  // Loading it takes longer than finding out that nothing is to be built.
  const { execa } = await import("execa");
  const making = execa("mmdebstrap", args, {
    cancelSignal: AbortSignal.any([io.signal, unread.signal]),
    stdin: "ignore",
    buffer: { stdout: false },
    encoding: "buffer",
  });
  createInterface({ input: making.stderr }).on("line", io.onLine);
  await importWhileMade(engine, base, making, { signal: io.signal, unread });
}

/**
 * Imports a root file system while it is made; one that fails leaves nothing under the base's tag. `unread` ends the
 * making when the import fails: a program waits for good for its output to be read.
 */
export async function importWhileMade(
  engine: ImageEngine,
  base: Pick<BaseImage, "tag">,
  making: { readonly stdout: Readable } & PromiseLike<unknown>,
  { signal, unread }: { readonly signal: AbortSignal; readonly unread: AbortController },
): Promise<void> {
  const start = performance.now();
  const unfinished = `${base.tag}-unfinished`;
  const importing = importOnceThere(engine, making, unfinished, signal).catch((error: unknown) => {
    unread.abort();
    throw error;
  });
  const [made, imported] = await Promise.allSettled([making, importing]);
  if (made.status === "rejected") await engine.removeImage(unfinished);
  if (made.status === "rejected" && !(made.reason as ExecaError).isCanceled)
    throw notBootstrapped(made.reason as ExecaError, performance.now() - start);
  if (imported.status === "rejected") throw imported.reason;
  await engine.tagImage(unfinished, base.tag);
  await engine.untagImage(unfinished);
}

/**
 * Begins when there is something to import. A request's first bytes go with its content's, and an engine hangs up on
 * one that says nothing for 5 minutes, as long as a slow machine takes to make a root file system.
 */
async function importOnceThere(
  engine: ImageEngine,
  making: { readonly stdout: Readable } & PromiseLike<unknown>,
  tag: string,
  signal: AbortSignal,
): Promise<void> {
  await Promise.race([once(making.stdout, "readable"), making]);
  await engine.importImage(making.stdout, tag, signal);
}

/** Without the command and the output, which execa's own message has: the lines have been passed on. */
function notBootstrapped(error: ExecaError, ms: number): Error {
  const how = error.exitCode === undefined ? error.shortMessage : `ended with exit code ${error.exitCode}`;
  return new Error(`mmdebstrap ${how} (waited ${(ms / 1000).toFixed(0)} s)`, { cause: error });
}

/**
 * The mirror in this machine's own apt sources; undefined (mmdebstrap's default) when it has none for Debian. Asked
 * of what `apt-get update` would fetch, which needs neither lists nor a network.
 */
export async function debianMirror(): Promise<string | undefined> {
  const { execa } = await import("execa");
  const { stdout } = await execa("apt-get", ["--print-uris", "update"], { reject: false });
  return /^'(\S+\/debian)\/dists\//m.exec(stdout ?? "")?.[1];
}

/** apt sources for a base that has none of its own: this machine's mirror. It is in no layer, and so in no hash. */
export async function sourcesFile(...suites: readonly string[]): Promise<ContextFile[]> {
  const mirror = await debianMirror();
  if (mirror === undefined) return [];
  const content = Buffer.from(suites.map((suite) => `deb ${mirror} ${suite} main\n`).join(""));
  return [{ path: "build/sources.list", content, executable: false }];
}
