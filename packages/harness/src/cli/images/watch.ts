import { seconds } from "../../report/summary.ts";

/** Who is told how the building of a set's images goes. */
export interface BuildWatch {
  /** One line of the output of `image`: `base`, `compile`, `mirror`, a role, or `mpi slurmd` for a layer. */
  line(image: string, line: string): void;
  done(image: string, tag: string, seconds: number): void;
  /** What concerns no image alone. */
  say(line: string): void;
}

/** A watch of plain lines: where each image is, once a second at most, and the whole output as detail. */
export function plainWatch(say: (line: string) => void, detail: (line: string) => void): BuildWatch {
  const last = new Map<string, number>();
  return {
    say,
    line(image, line) {
      detail(`${image}: ${line}`);
      const at = stageOf(line);
      if (at === undefined || performance.now() - (last.get(image) ?? Number.NEGATIVE_INFINITY) < 1_000)
        return;
      last.set(image, performance.now());
      say(`building ${image}: ${at}`);
    },
    done: (image, tag, time) => say(`${image}: ${tag} (${seconds(time)})`),
  };
}

/** Of a build's hundreds of lines, those that say where it is, no longer than a line of a terminal. */
export function stageOf(line: string): string | undefined {
  if (!/^(\[|I: |.* cannot be pulled|base image)/.test(line)) return undefined;
  return line.length > 90 ? `${line.slice(0, 87)}...` : line;
}
