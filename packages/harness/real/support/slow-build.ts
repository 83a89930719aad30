// node slow-build.ts SOCKET BASE TAG: builds an image whose one step takes SECONDS, and prints each line of the build.
import { Readable } from "node:stream";
import { pack } from "tar-stream";
import { DockerEngine } from "../../src/engine/docker.ts";

/** Long enough to be killed in the middle of, by whoever sees that it has begun. */
const SECONDS = 3;

/** Builds `tag`; the same tag again is another build, and takes as long. */
export async function slowBuild(
  socketPath: string,
  base: string,
  tag: string,
  onLine: (line: string) => void,
): Promise<void> {
  const engine = await DockerEngine.connect({ socketPath });
  const context = pack();
  const once = `${process.pid}-${performance.now()}`;
  context.entry(
    { name: "Dockerfile" },
    `FROM ${base} AS slow\nRUN echo begun ${once} && sleep ${SECONDS}\nRUN echo done > /done\n`,
  );
  context.finalize();
  await engine.buildImage(Readable.from(context), {
    tag,
    target: "slow",
    args: {},
    labels: {},
    onLine,
    signal: new AbortController().signal,
  });
}

if (process.argv[1] === import.meta.filename) {
  const [socket = "", base = "", tag = ""] = process.argv.slice(2);
  await slowBuild(socket, base, tag, (line) => console.log(line));
}
