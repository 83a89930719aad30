import { join } from "node:path";
import { execa } from "execa";
import type { TestProject } from "vitest/node";

const MAIN = join(import.meta.dirname, "../src/cli/main.ts");
const ROOT = join(import.meta.dirname, "../../..");

/** The releases that the tests run on; the catalog marks the same ones as tested. */
const RELEASES = ["20.11", "22.05", "24.11", "26.05"];

declare module "vitest" {
  interface ProvidedContext {
    /** Socket of the engine that tests use, for testcontainers and dockerode. */
    socket: string;
    /** Tags by release and role. */
    slurmImages: Record<string, Record<string, string>>;
  }
}

/** An engine and the images, got as any user gets them: by the command line, on a machine that may have nothing. */
export default async function setup(project: TestProject): Promise<void> {
  const show = { cwd: ROOT, stdio: "inherit" } as const;
  await execa(process.execPath, [MAIN, "engine", "start"], show);
  await execa(process.execPath, [MAIN, "images", "build", "--slurm", ...RELEASES], show);
  const status = await execa(process.execPath, [MAIN, "engine", "status", "--json"]);
  const images = await execa(process.execPath, [MAIN, "images", "list", "--json"]);
  const rows = JSON.parse(images.stdout) as Array<{ slurm: string; images: Record<string, string> }>;
  const { socket } = JSON.parse(status.stdout) as { socket: string };
  project.provide("socket", socket);
  // testcontainers looks for an engine in its own way; here it gets the one that everything else uses. Its reaper
  // would have to be pulled from a registry, which need not be there, so tests stop their containers by hand.
  process.env.DOCKER_HOST = `unix://${socket}`;
  process.env.TESTCONTAINERS_RYUK_DISABLED = "true";
  // Else it asks for the default bridge, which slurmlab's own engine does not have. No port is used by any test.
  process.env.TESTCONTAINERS_HOST_OVERRIDE = "localhost";
  // Others may have been compiled on this machine, and are nobody's to test here.
  const tested = rows.filter(({ slurm }) => RELEASES.includes(slurm));
  project.provide("slurmImages", Object.fromEntries(tested.map((row) => [row.slurm, row.images])));
}
