import { spawnSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll } from "vitest";

/** Where the mock's sources are. */
export const SOURCE = join(import.meta.dirname, "..", "..", "mockgpu");

/** Whether the mock can be compiled here at all. */
export const hasCompiler = ["cc", "make"].every((tool) => spawnSync(tool, ["--version"]).status === 0);

/** Stands in the title of tests that are skipped without one. */
export const noCompiler = hasCompiler ? "" : " (skipped: no C compiler or make here)";

/** Whether a program that is compiled with this flag links here. */
export function compiles(flag: string): boolean {
  if (!hasCompiler) return false;
  const build = spawnSync("cc", [flag, "-x", "c", "-o", "/dev/null", "-"], {
    input: "int main(void) { return 0; }",
  });
  return build.status === 0;
}

/** The UUID of the nth GPU where the state gives none. */
export const uuid = (n: number) => `GPU-00000000-0000-0000-0000-${String(n).padStart(12, "0")}`;

/** The mock compiled as it is in an image, and a machine's state and device nodes for it to look at. */
export class MockGpus {
  readonly root = mkdtempSync(join(tmpdir(), "mockgpu-"));
  readonly state = join(this.root, "state");
  readonly bin = join(this.root, "image/opt/mockgpu/bin");
  readonly library = join(this.root, "image/opt/mockgpu/lib/libnvidia-ml.so.1");
  /** The folder of device nodes of the newest {@link machine}. */
  dev = "";

  /** Compiles it before the tests of a file, and removes all of it after them. */
  constructor() {
    beforeAll(() => this.build("image", []), 120_000);
    afterAll(() => rm(this.root, { recursive: true, force: true }));
  }

  /** Where the mock looks. */
  get env() {
    return { MOCKGPU_STATE: this.state, MOCKGPU_DEV: this.dev };
  }

  async build(name: string, variables: string[]): Promise<void> {
    const folders = [`BUILD=${join(this.root, `${name}.build`)}`, `DESTDIR=${join(this.root, name)}`];
    await execa("make", ["-C", SOURCE, ...folders, ...variables, "install"]);
  }

  /** A machine with these lines of state and a node for each of the first `nodes` GPUs. */
  async machine(lines: string[], nodes = 4): Promise<void> {
    await writeFile(this.state, `${lines.join("\n")}\n`);
    this.dev = await mkdtemp(join(this.root, "dev-"));
    for (let minor = 0; minor < nodes; minor++) await writeFile(join(this.dev, `nvidia${minor}`), "");
  }

  async run(program: string, args: string[] = [], env: Record<string, string> = {}) {
    const { stdout, stderr, exitCode, signal } = await execa(join(this.bin, program), args, {
      env: { ...this.env, ...env },
      reject: false,
      stripFinalNewline: false,
      timeout: 20_000,
    });
    return { stdout, stderr, exitCode, signal };
  }

  smi = (...args: string[]) => this.run("nvidia-smi", args);
  csv = (fields: string, format = "csv,noheader", ...more: string[]) =>
    this.smi(`--query-gpu=${fields}`, `--format=${format}`, ...more);
}
