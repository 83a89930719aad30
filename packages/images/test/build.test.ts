import { describe, expect, test } from "vitest";
import {
  BuildError,
  buildImages,
  findRelease,
  imageSet,
  missingImages,
  type SlurmRelease,
} from "../src/index.ts";
import { KeptEvents } from "./support/build-events.ts";
import { FakeImageEngine } from "./support/fake-image-engine.ts";

const set = imageSet(findRelease("24.11") as SlurmRelease, "amd64");
const all = [set.base.tag, set.mockgpu.tag, set.slurm.tag, set.db.tag];
const without = (...missing: Array<{ tag: string }>) =>
  new FakeImageEngine(all.filter((tag) => !missing.some((image) => image.tag === tag)));

/** Ends when it is told to. */
const gate = () => Promise.withResolvers<void>();
const turns = (n: number) => new Promise<void>((done) => setTimeout(done, n));

describe("what is missing", () => {
  test("nothing, when slurm and db are there: the others were only needed to make them", async () => {
    expect(await missingImages(without(set.base, set.mockgpu), set)).toEqual([]);
  });

  test("the recipes whose tags the engine does not have", async () => {
    expect(await missingImages(without(set.db), set)).toEqual([set.db]);
  });
});

describe("what is built", () => {
  test("nothing, when all is there", async () => {
    const [engine, events] = [without(), new KeptEvents()];
    await buildImages(engine, set, events);
    expect([...engine.log, ...events.lines, ...events.done]).toEqual([]);
  });

  test("db alone, when only db is missing", async () => {
    const engine = without(set.db);
    await buildImages(engine, set, new KeptEvents());
    expect(engine.log).toEqual(["build db", "built db"]);
  });

  test("slurm alone, when db and the mock GPUs are there", async () => {
    const engine = without(set.slurm);
    await buildImages(engine, set, new KeptEvents());
    expect(engine.log).toEqual(["build slurm", "built slurm"]);
  });

  test("everything, when nothing is there, and each is reported with its tag", async () => {
    const [engine, events] = [new FakeImageEngine(["debian:trixie-slim"]), new KeptEvents()];
    await buildImages(engine, set, events);
    expect(all.filter((tag) => !engine.images.has(tag))).toEqual([]);
    expect(events.done.sort()).toEqual(
      [
        `base ${set.base.tag} true`,
        `db ${set.db.tag} true`,
        `mockgpu ${set.mockgpu.tag} true`,
        `slurm ${set.slurm.tag} true`,
      ].sort(),
    );
  });

  test("a build gets its recipe's tag and arguments", async () => {
    const engine = without(set.slurm);
    await buildImages(engine, set, new KeptEvents());
    expect(engine.builds.get("slurm")).toMatchObject({ tag: set.slurm.tag, args: set.slurm.args });
  });

  test("a build gets its recipe's files, with one time for all and programs executable", async () => {
    const engine = without(set.slurm);
    await buildImages(engine, set, new KeptEvents());
    expect(engine.contexts.get("slurm")).toEqual(
      set.slurm.files.map(({ path, content, executable }) => ({
        path,
        mode: executable ? 0o755 : 0o644,
        mtime: 0,
        content: content.toString("utf8"),
      })),
    );
  });

  test("a build's lines are passed on under its name", async () => {
    const [engine, events] = [without(set.db), new KeptEvents()];
    engine.during.db = async ({ onLine }) => onLine("Step 1/9");
    await buildImages(engine, set, events);
    expect(events.lines).toEqual(["db: Step 1/9"]);
  });
});

describe("the order", () => {
  test("the base image comes before any build", async () => {
    const engine = new FakeImageEngine(["debian:trixie-slim"]);
    await buildImages(engine, set, new KeptEvents());
    expect(engine.log[0]).toBe("tag base");
  });

  test("the mock GPUs are there before slurm is begun", async () => {
    const engine = without(set.mockgpu, set.slurm);
    await buildImages(engine, set, new KeptEvents());
    expect(engine.log.filter((line) => line.startsWith("b"))).toEqual([
      "build mockgpu",
      "built mockgpu",
      "build slurm",
      "built slurm",
    ]);
  });

  test("what earlier builds of the mock GPUs left behind is removed before the next one", async () => {
    const engine = without(set.mockgpu, set.slurm);
    await buildImages(engine, set, new KeptEvents());
    const pruned = engine.log.indexOf("prune slurmlab.stage=build");
    expect(pruned).toBeGreaterThanOrEqual(0);
    expect(pruned).toBeLessThan(engine.log.indexOf("built mockgpu"));
  });

  test("db does not wait for slurm, nor slurm for db", async () => {
    const engine = without(set.slurm, set.db);
    const [slurm, db] = [gate(), gate()];
    engine.during.slurm = async () => {
      slurm.resolve();
      await db.promise;
    };
    engine.during.db = async () => {
      db.resolve();
      await slurm.promise;
    };
    await buildImages(engine, set, new KeptEvents());
    expect(engine.images).toContain(set.db.tag);
  });
});

describe("a build that fails", () => {
  const failing = (engine: FakeImageEngine, name: string) => {
    engine.during[name] = async ({ onLine }) => {
      for (let i = 1; i <= 20; i++) onLine(`line ${i}`);
      throw new Error("exit code 100");
    };
    return engine;
  };

  test("says which image and why, with its last 15 lines", async () => {
    const error = await failure(buildImages(failing(without(set.db), "db"), set, new KeptEvents()));
    expect(error).toBeInstanceOf(BuildError);
    expect(error).toMatchObject({
      message: "building the image db failed: exit code 100",
      image: "db",
      lastLines: Array.from({ length: 15 }, (_, i) => `line ${i + 6}`),
      cause: new Error("exit code 100"),
    });
  });

  test("lets the other build end before it is told", async () => {
    const engine = failing(without(set.slurm, set.db), "slurm");
    const db = gate();
    engine.during.db = () => db.promise;
    const order: string[] = [];
    const building = failure(buildImages(engine, set, new KeptEvents())).then(() => order.push("told"));
    await turns(20);
    order.push("db may end");
    db.resolve();
    await building;
    expect(order).toEqual(["db may end", "told"]);
    expect(engine.images).toContain(set.db.tag);
  });

  test("of the mock GPUs is theirs, and slurm is not begun", async () => {
    const engine = failing(without(set.mockgpu, set.slurm), "mockgpu");
    const error = await failure(buildImages(engine, set, new KeptEvents()));
    expect(error).toMatchObject({ image: "mockgpu" });
    expect(engine.log).not.toContain("build slurm");
  });

  test("is not reported as done", async () => {
    const events = new KeptEvents();
    await failure(buildImages(failing(without(set.db), "db"), set, events));
    expect(events.done.filter((line) => line.startsWith("db"))).toEqual([]);
  });
});

test("a build that is stopped rejects with the reason of stopping, and is no failure of the build", async () => {
  const [engine, events, stop] = [without(set.slurm, set.db), new KeptEvents(), new Error("Ctrl-C")];
  engine.during.slurm = async () => events.stop(stop);
  expect(await failure(buildImages(engine, set, events))).toBe(stop);
});

async function failure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => {
      throw new Error("it did not fail");
    },
    (error: unknown) => error,
  );
}
