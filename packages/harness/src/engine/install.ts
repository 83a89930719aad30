import { accessSync, constants, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { LabError } from "../errors/lab-error.ts";

/** How installing talks to the person: one line, and a question that is answered yes where nobody can be asked. */
export interface InstallIo {
  readonly say: (line: string) => void;
  readonly confirm: (question: string) => Promise<boolean>;
  readonly signal?: AbortSignal;
}

export function hasProgram(name: string, env: NodeJS.ProcessEnv = process.env): boolean {
  // Debian keeps dockerd and iptables in /usr/sbin, which an ordinary user's PATH leaves out.
  const folders = [...(env.PATH ?? "").split(delimiter), "/usr/sbin", "/sbin"].filter(Boolean);
  return folders.some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Why packages cannot be installed from here, or undefined when they can. */
export function whyNoInstall(env: NodeJS.ProcessEnv): string | undefined {
  if (env.SLURMLAB_NO_INSTALL === "1") return "SLURMLAB_NO_INSTALL=1 forbids installing packages";
  if (process.getuid?.() !== 0) return "only root can install packages";
  if (!hasProgram("apt-get") || !/^ID(_LIKE)?=.*(debian|ubuntu)/m.test(osRelease())) {
    return "packages are installed on Debian and Ubuntu only";
  }
  return undefined;
}

/** Installs distribution packages, saying so first. Rejects with the last lines of apt's output. */
export async function installPackages(
  packages: readonly string[],
  why: string,
  io: InstallIo,
): Promise<void> {
  const list = packages.join(" ");
  io.say(`installing ${list} ${why} (apt-get; SLURMLAB_NO_INSTALL=1 forbids this)`);
  if (!(await io.confirm(`Install the packages ${list} ${why}?`))) {
    throw new LabError({
      kind: "no-engine",
      message: `not installed: ${list}`,
      hint: "install them by hand, or answer yes",
    });
  }
  const options = {
    env: { DEBIAN_FRONTEND: "noninteractive" },
    stdin: "ignore",
    all: true,
    reject: false,
    ...(io.signal ? { cancelSignal: io.signal } : {}),
  } as const;
  const { execa } = await import("execa");
  for (const args of [["update"], ["install", "-y", "--no-install-recommends", ...packages]]) {
    const done = await execa("apt-get", ["-o", "DPkg::Lock::Timeout=120", ...args], options);
    io.signal?.throwIfAborted();
    // `update` fails when any one source is out of reach, and what is needed may be there all the same.
    if (done.failed && args[0] !== "update") {
      throw new LabError({
        kind: "no-engine",
        message: `apt-get could not install ${list}`,
        seen: (done.all ?? "").split("\n").slice(-10).join("\n"),
        hint: "check the apt sources and the network, then run the command again",
      });
    }
  }
}

function osRelease(): string {
  try {
    return readFileSync("/etc/os-release", "utf8");
  } catch {
    return "";
  }
}
