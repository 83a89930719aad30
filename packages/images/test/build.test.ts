import { describe, expect, test } from "vitest";
import {
  BuildError,
  buildImages,
  findRelease,
  IMAGE_LABEL,
  type ImageRole,
  imageSet,
  imageTags,
  MovedOn,
  missingImages,
  type SlurmRelease,
} from "../src/index.ts";
import { KeptEvents } from "./support/build-events.ts";
import { FakeImageEngine } from "./support/fake-image-engine.ts";

const set = imageSet(findRelease("24.11") as SlurmRelease, "amd64");
const BOTH: readonly ImageRole[] = ["slurmd", "db"];
const having = (...roles: ImageRole[]) =>
  new FakeImageEngine([set.base.tag, ...roles.map((role) => set.tags[role])]);

/** Ends when it is told to. */
const gate = () => Promise.withResolvers<void>();
const turns = (n: number) => new Promise<void>((done) => setTimeout(done, n));

describe("what is missing", () => {
  test("nothing, when what is wanted is there: the base was only needed to make it", async () => {
    expect(missingImages(await imageTags(new FakeImageEngine([set.tags.slurmd])), set, ["slurmd"])).toEqual(
      [],
    );
  });

  test("the roles whose tags the engine does not have", async () => {
    expect(missingImages(await imageTags(having("slurmd")), set, BOTH)).toEqual(["db"]);
  });
});

describe("what is built", () => {
  test("nothing, when all is there, and the mirror is not asked", async () => {
    const [engine, events] = [having(...BOTH), new KeptEvents()];
    await buildImages(engine, set, BOTH, events);
    expect([...engine.log, ...events.lines, ...events.done]).toEqual([]);
  });

  test("what is missing alone", async () => {
    const engine = having("slurmd");
    await buildImages(engine, set, BOTH, new KeptEvents());
    expect(engine.log).toEqual(["build resolved", "built resolved", "build db", "built db"]);
  });

  test("each is reported with its tag", async () => {
    const [engine, events] = [new FakeImageEngine(["debian:trixie-slim"]), new KeptEvents()];
    await buildImages(engine, set, BOTH, events);
    expect(events.done.filter((line) => !line.startsWith("mirror"))).toEqual([
      `base ${set.base.tag} true`,
      `slurmd ${set.tags.slurmd} true`,
      `db ${set.tags.db} true`,
    ]);
  });

  test("labels say what the packages are, and not what was asked for", async () => {
    const engine = having();
    await buildImages(engine, set, ["slurmd"], new KeptEvents());
    expect(engine.builds.get("slurmd")?.labels).toMatchObject({
      [IMAGE_LABEL.role]: "slurmd",
      [IMAGE_LABEL.slurm]: "24.11.5",
      [IMAGE_LABEL.hash]: set.hash,
      [IMAGE_LABEL.mirrorDate]: "Sat, 15 Nov 2026 08:00:00 UTC",
    });
  });

  test("no label makes a container of the image look like a cluster's, which may be swept away", async () => {
    const engine = having();
    await buildImages(engine, set, ["slurmd"], new KeptEvents());
    expect(Object.keys(engine.builds.get("slurmd")?.labels ?? {})).not.toContain("slurmlab");
  });

  test("a build gets the set's files, with one time for all and programs executable", async () => {
    const engine = having();
    await buildImages(engine, set, ["slurmd"], new KeptEvents());
    const sent = engine.contexts.get("slurmd")?.filter(({ path }) => path !== "build/sources.list");
    expect(sent).toEqual(
      set.files.map(({ path, content, executable }) => ({
        path,
        mode: executable ? 0o755 : 0o644,
        mtime: 0,
        content: content.toString("utf8"),
      })),
    );
  });

  test("a build's lines are passed on under its name", async () => {
    const [engine, events] = [having(), new KeptEvents()];
    engine.during.db = async ({ onLine }) => onLine("[db 1/2] COPY");
    await buildImages(engine, set, ["db"], events);
    expect(events.lines).toEqual(["db: [db 1/2] COPY"]);
  });

  test("nothing is left of the look at the mirror", async () => {
    const engine = having();
    await buildImages(engine, set, ["db"], new KeptEvents());
    expect([...engine.images].filter((tag) => tag.includes("unfinished"))).toEqual([]);
  });
});

describe("the order", () => {
  test("the base image comes before any build, and the look at the mirror before the images", async () => {
    const engine = new FakeImageEngine(["debian:trixie-slim"]);
    await buildImages(engine, set, ["db"], new KeptEvents());
    expect(engine.log).toEqual(["tag base", "build resolved", "built resolved", "build db", "built db"]);
  });

  test("no image waits for another", async () => {
    const engine = having();
    const [slurmd, db] = [gate(), gate()];
    engine.during.slurmd = async () => {
      slurmd.resolve();
      await db.promise;
    };
    engine.during.db = async () => {
      db.resolve();
      await slurmd.promise;
    };
    await buildImages(engine, set, BOTH, new KeptEvents());
    expect(engine.images).toContain(set.tags.db);
  });
});

describe("a suite that has moved on", () => {
  const moved = () => {
    const engine = having();
    engine.resolved = "mirror today\npackage slurm-client 1:25.05.2-1+b1\n";
    return engine;
  };

  test("is noticed before anything is built, and named with what it has now", async () => {
    const engine = moved();
    const error = await failure(buildImages(engine, set, BOTH, new KeptEvents()));
    expect(error).toBeInstanceOf(MovedOn);
    expect(error).toMatchObject({ suite: "trixie", wanted: "24.11", found: "25.05.2" });
    expect(engine.log).toEqual(["build resolved", "built resolved"]);
  });

  test("is noticed too when it has no Slurm at all", async () => {
    const engine = moved();
    engine.resolved = "mirror today\n";
    expect(await failure(buildImages(engine, set, BOTH, new KeptEvents()))).toMatchObject({ found: "none" });
  });

  test("is not confused by a release whose number begins the same", async () => {
    const engine = moved();
    engine.resolved = "package slurm-client 24.1.15-1\n";
    expect(await failure(buildImages(engine, set, BOTH, new KeptEvents()))).toBeInstanceOf(MovedOn);
  });
});

describe("a build that fails", () => {
  const failing = (engine: FakeImageEngine, stage: string) => {
    engine.during[stage] = async ({ onLine }) => {
      for (let i = 1; i <= 40; i++) onLine(`line ${i}`);
      throw new Error("exit code 100");
    };
    return engine;
  };

  test("says which image and why, with its last 30 lines", async () => {
    const error = await failure(buildImages(failing(having(), "db"), set, BOTH, new KeptEvents()));
    expect(error).toBeInstanceOf(BuildError);
    expect(error).toMatchObject({
      message: "building the image db failed: exit code 100",
      image: "db",
      lastLines: Array.from({ length: 30 }, (_, i) => `line ${i + 11}`),
      cause: new Error("exit code 100"),
    });
  });

  test("lets the other build end before it is told", async () => {
    const engine = failing(having(), "slurmd");
    const db = gate();
    engine.during.db = () => db.promise;
    const order: string[] = [];
    const building = failure(buildImages(engine, set, BOTH, new KeptEvents())).then(() => order.push("told"));
    await turns(20);
    order.push("db may end");
    db.resolve();
    await building;
    expect(order).toEqual(["db may end", "told"]);
    expect(engine.images).toContain(set.tags.db);
  });

  test("while the mirror is asked, is the mirror's, and no image is begun", async () => {
    const engine = failing(having(), "resolved");
    const error = await failure(buildImages(engine, set, BOTH, new KeptEvents()));
    expect(error).toMatchObject({ image: "mirror" });
    expect(engine.log).toEqual(["build resolved"]);
  });

  test("is not reported as done", async () => {
    const events = new KeptEvents();
    await failure(buildImages(failing(having(), "db"), set, BOTH, events));
    expect(events.done.filter((line) => line.startsWith("db"))).toEqual([]);
  });
});

test("a build that is stopped rejects with the reason of stopping, and is no failure of the build", async () => {
  const [engine, events, stop] = [having(), new KeptEvents(), new Error("Ctrl-C")];
  engine.during.slurmd = async () => events.stop(stop);
  expect(await failure(buildImages(engine, set, BOTH, events))).toBe(stop);
});

async function failure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => {
      throw new Error("it did not fail");
    },
    (error: unknown) => error,
  );
}
