import { DockerEngine } from "../../src/engine/docker.ts";
import { hasProgram } from "../../src/engine/install.ts";

/** Why no dockerd of a test's own can run here; empty where one can. */
export const whyNoDockerd =
  process.getuid?.() !== 0
    ? "skipped: only root can run dockerd"
    : hasProgram("dockerd")
      ? ""
      : "skipped: no dockerd is installed";

/** Whether an engine answers at a socket. */
export const answersAt = (socket: string): Promise<boolean> =>
  DockerEngine.connect({ socketPath: socket }).then(
    () => true,
    () => false,
  );
