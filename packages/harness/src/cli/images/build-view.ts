import { Listr, type ListrTaskWrapper, PRESET_TIMER } from "listr2";
import { type BuildWatch, plainWatch, stageOf } from "./watch.ts";

/** One set of images to be built. */
export interface SetToBuild {
  /** `24.11`. */
  readonly slurm: string;
  /** Those that are missing: each has a row of its own. */
  readonly images: readonly string[];
  build(watch: BuildWatch): Promise<unknown>;
}

export interface BuildViewOptions {
  /** Rows that are drawn again and again, for a person at a terminal; else a line for each thing that happens. */
  readonly live: boolean;
  /** How many sets at a time. */
  readonly concurrent: number;
  say(line: string): void;
  detail(line: string): void;
}

/** What comes before any image of a release: its base, its compiled parts, and what its mirror has. */
const GROUND = "base and packages";
const BEFORE_IMAGES = ["base", "compile", "mirror"];

// biome-ignore lint/suspicious/noExplicitAny: listr2's own default for renderers that are not looked at here.
type Row = ListrTaskWrapper<unknown, any, any>;

/**
 * Builds sets beside each other in one view. All are built to their end; then this rejects with the first failure, by the
 * order of the sets.
 */
export async function buildSets(sets: readonly SetToBuild[], options: BuildViewOptions): Promise<void> {
  const failures = new Map<SetToBuild, unknown>();
  const run = (set: SetToBuild, watch: BuildWatch) =>
    set.build(watch).catch((error: unknown) => {
      failures.set(set, error);
    });
  const plain = (set: SetToBuild) => {
    const by = sets.length > 1 ? `${set.slurm} ` : "";
    return plainWatch(
      (line) => options.say(`${by}${line}`),
      (line) => options.detail(`${by}${line}`),
    );
  };
  const list = new Listr(
    sets.map((set) => ({
      title: `Slurm ${set.slurm}`,
      task: async (_: unknown, task: Row) => {
        if (!options.live) return run(set, plain(set));
        const { rows, watch, end } = liveRows(set);
        void run(set, watch).then(() => end(!failures.has(set)));
        return task.newListr(rows, { concurrent: true, exitOnError: false });
      },
    })),
    {
      concurrent: options.concurrent,
      exitOnError: false,
      renderer: options.live ? "default" : "silent",
      // Ctrl-C is ours: listr2's own handler would end the process before the builds are.
      registerSignalListeners: false,
      rendererOptions: { collapseSubtasks: false, showErrorMessage: false, timer: PRESET_TIMER },
    },
  );
  await list.run();
  const failed = sets.find((set) => failures.has(set));
  if (failed) throw failures.get(failed);
}

/** A row an image. listr2 wants to run the work itself; here each row only waits to be told how its image went. */
function liveRows(set: SetToBuild) {
  const gates = new Map([GROUND, ...set.images].map((name) => [name, Promise.withResolvers<void>()]));
  const shown = new Map<string, Row>();
  const rowOf = (image: string) => (BEFORE_IMAGES.includes(image) ? GROUND : image);
  const show = (row: string, line: string) => {
    const task = shown.get(row);
    if (task) task.output = line;
  };
  for (const { promise } of gates.values()) promise.catch(() => {});
  return {
    rows: [...gates].map(([name, { promise }]) => ({
      title: name,
      task: (_: unknown, task: Row) => {
        shown.set(name, task);
        return promise;
      },
    })),
    watch: {
      say: (line: string) => show(GROUND, line),
      line(image: string, line: string) {
        const at = stageOf(line);
        if (at !== undefined) show(rowOf(image), at);
        // What is of an image comes when all before it is there.
        if (rowOf(image) !== GROUND) gates.get(GROUND)?.resolve();
      },
      done(image: string, tag: string) {
        const task = shown.get(image);
        if (task) task.title = `${image}: ${tag}`;
        if (rowOf(image) !== GROUND) gates.get(image)?.resolve();
      },
    },
    end(ok: boolean) {
      for (const { resolve, reject } of gates.values()) ok ? resolve() : reject(new Error("not built"));
    },
  };
}
