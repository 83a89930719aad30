import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import fc from "fast-check";
import { extract, type Header, pack } from "tar-stream";
import { describe, expect, test } from "vitest";
import { asBefore } from "../src/cluster/restored.ts";
import { mergeTars } from "../src/snapshot/merge-tars.ts";
import { checkSnapshotName, readRecord, type SnapshotRecord, writeRecord } from "../src/snapshot/record.ts";
import { checkRelease } from "../src/snapshot/release.ts";

const RECORD: SnapshotRecord = {
  version: 1,
  name: "full-queue",
  cluster: "minimal-k3f9x2",
  created: "2026-11-26T11:32:23.000Z",
  slurm: "24.11",
  spec: { nodes: [] },
  nodes: { c1: "IDLE", c2: "DOWN+DRAIN" },
  jobs: { queued: 2, accounted: 5 },
  database: true,
};

describe("the record of a snapshot", () => {
  test("is read as it was written", () => {
    expect(readRecord(writeRecord(RECORD), "slurmlab/snapshot:x")).toEqual(RECORD);
  });

  test.each([
    ["no JSON at all", "no", "no JSON"],
    ["a newer one", JSON.stringify({ ...RECORD, version: 2 }), "version"],
    ["one with more in it", JSON.stringify({ ...RECORD, more: 1 }), "more"],
  ])("is refused with the image's name when it is %s", (_, content, seen) => {
    const error = caught(() => readRecord(content, "slurmlab/snapshot:x"));
    expect(error).toMatchObject({
      kind: "bad-input",
      message: expect.stringContaining("slurmlab/snapshot:x"),
    });
    expect(String(error.seen)).toContain(seen);
  });

  test("takes any text without any error but bad input", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (content) => {
        expect(caught(() => readRecord(content, "x"))).toMatchObject({ kind: "bad-input" });
      }),
    );
  });
});

test.each(["Big", "a b", "", "-a", "a/b", "a:b", "x".repeat(64)])(
  "a snapshot cannot be called %j",
  (name) => {
    expect(() => checkSnapshotName(name)).toThrow("a snapshot cannot be called");
  },
);

test.each(["a", "full-queue", "2026.11_x"])("a snapshot can be called %j", (name) => {
  expect(() => checkSnapshotName(name)).not.toThrow();
});

describe("the release of a cluster that goes on from a snapshot", () => {
  test.each([undefined, "24.11", "24.11.7", "26.05"])("can be %s when that is 24.11", (slurm) => {
    expect(() => checkRelease(RECORD, slurm)).not.toThrow();
  });

  test.each([
    ["22.05", "24.11", "Slurm takes nothing back"],
    ["26.05", "20.11", "the way is"],
  ])("cannot be %s when that is %s", (slurm, from, why) => {
    const error = caught(() => checkRelease({ ...RECORD, slurm: from }, slurm));
    expect(String(error.seen)).toContain(why);
  });
});

describe("a node of a cluster that goes on from a snapshot", () => {
  const AFTER = "2026-11-26T11:40:00";
  const line = (name: string, state: string, started: string) =>
    `NodeName=${name} State=${state} SlurmdStartTime=${started}`;
  const look = (output: string, workers = ["c1"]) => asBefore({ code: 0, output }, workers, RECORD);

  test("is waited for while slurmctld only says what it knew before", () => {
    expect(look(line("c1", "IDLE", "None"))).toMatchObject({
      saw: expect.stringContaining("not registered"),
    });
    expect(look(line("c1", "IDLE", "2026-11-26T11:30:00"))).toMatchObject({ is: "pending" });
  });

  test("is there when its slurmd has started since", () => {
    expect(look(line("c1", "IDLE", AFTER))).toMatchObject({ is: "met" });
    expect(look(line("c1", "MIXED", AFTER))).toMatchObject({ is: "met" });
  });

  test("stays drained or down when it was", () => {
    expect(look(line("c2", "DOWN+DRAIN", AFTER), ["c2"])).toMatchObject({ is: "met" });
    expect(look(line("c1", "DOWN", AFTER))).toMatchObject({ is: "pending" });
  });

  test("is hopeless when slurmctld has refused what it registered with", () => {
    expect(look(line("c1", "IDLE+DRAIN+INVALID_REG", AFTER))).toMatchObject({ is: "hopeless" });
  });
});

describe("folders as one tar stream", () => {
  interface Entry {
    readonly header: Header;
    readonly content: string;
  }

  async function read(tar: Readable): Promise<Map<string, Entry>> {
    const entries = new Map<string, Entry>();
    const entriesOf = extract();
    tar.once("error", (error) => entriesOf.destroy(error));
    for await (const entry of tar.pipe(entriesOf))
      entries.set(entry.header.name, { header: entry.header, content: await text(entry) });
    return entries;
  }

  /** As an engine gives a folder: every name begins with the folder's own. */
  function folder(name: string, files: Readonly<Record<string, string>>): Readable {
    const tar = pack();
    tar.entry({ name: `${name}/`, type: "directory", mode: 0o700, uid: 101, gid: 102 });
    for (const [path, content] of Object.entries(files))
      tar.entry({ name: `${name}/${path}`, mode: 0o640, uid: 999, gid: 998 }, content);
    tar.finalize();
    return Readable.from(tar);
  }

  test("have their new names, and owners and modes as they were", async () => {
    const merged = await read(
      mergeTars([{ tar: folder("mysql", { ibdata1: "data" }), as: "/database" }], { "/snapshot.json": "{}" }),
    );
    expect([...merged.keys()].sort()).toEqual(["database/", "database/ibdata1", "snapshot.json"]);
    expect(merged.get("database/")?.header).toMatchObject({
      type: "directory",
      mode: 0o700,
      uid: 101,
      gid: 102,
    });
    expect(merged.get("database/ibdata1")).toMatchObject({
      content: "data",
      header: { mode: 0o640, uid: 999, gid: 998 },
    });
  });

  test("leave out what is to be skipped, and nothing else", async () => {
    const tar = folder("mysql", { "server-key.pem": "secret", pem: "kept" });
    const merged = await read(
      mergeTars([{ tar, as: "/database", skip: (path) => path.endsWith(".pem") }], {}),
    );
    expect([...merged.keys()].sort()).toEqual(["database/", "database/pem"]);
  });

  test("keep any names and contents, long names too", async () => {
    const name = fc.stringMatching(/^[a-zé][a-z0-9é._-]{0,150}$/);
    await fc.assert(
      fc.asyncProperty(fc.dictionary(name, fc.string({ maxLength: 2000 })), async (files) => {
        const merged = await read(mergeTars([{ tar: folder("home", files), as: "/home" }], {}));
        merged.delete("home/");
        const contents = new Map([...merged].map(([path, { content }]) => [path, content]));
        expect(contents).toEqual(
          new Map(Object.entries(files).map(([path, text]) => [`home/${path}`, text])),
        );
      }),
      { numRuns: 30 },
    );
  });

  test("fail when one of them breaks off", async () => {
    const broken = new Readable({ read: () => void broken.destroy(new Error("the engine went away")) });
    await expect(read(mergeTars([{ tar: broken, as: "/home" }], {}))).rejects.toThrow("the engine went away");
  });
});

function caught(work: () => void): Record<string, unknown> {
  try {
    work();
  } catch (error) {
    return error as Record<string, unknown>;
  }
  throw new Error("nothing was thrown");
}
