import { describe, expect, test } from "vitest";
import {
  BuildError,
  buildImages,
  IMAGE_LABEL,
  NotCompiled,
  type SlurmSource,
  type StoredImage,
  sourceImageSet,
  sourcesIn,
} from "../src/index.ts";
import { KeptEvents } from "./support/build-events.ts";
import { FakeImageEngine } from "./support/fake-image-engine.ts";

const SOURCE: SlurmSource = {
  version: "23.11.10",
  sha256: "ab".repeat(32),
  file: "slurm-23.11.10.tar.bz2",
  configure: ["--without-hwloc"],
  suite: "trixie",
};
const set = sourceImageSet(SOURCE, "amd64", Buffer.from("the tarball"));
const built = set.compiled?.tag ?? "";

/** With the base there, and a mirror that has no Slurm at all. */
function engineWith(...images: string[]): FakeImageEngine {
  const engine = new FakeImageEngine([set.base.tag, ...images]);
  engine.resolved = "mirror today\npackage munge 0.5\n";
  engine.files["/depends"] = "libmunge2\nlibjwt0\n";
  return engine;
}

describe("building the images of a source", () => {
  test("compiles first, then asks the mirror, then builds", async () => {
    const engine = engineWith();
    await buildImages(engine, set, ["slurmd"], new KeptEvents());
    expect(engine.log.filter((line) => line.startsWith("build "))).toEqual([
      "build built",
      "build resolved",
      "build slurmd",
    ]);
  });

  test("compiles from the tarball", async () => {
    const engine = engineWith();
    await buildImages(engine, set, ["slurmd"], new KeptEvents());
    const sent = engine.contexts.get("built")?.find(({ path }) => path === "slurm.tar");
    expect(sent?.content).toBe("the tarball");
  });

  test("does not compile what is compiled, and needs no tarball for it", async () => {
    const engine = engineWith(built);
    await buildImages(engine, sourceImageSet(SOURCE, "amd64"), ["slurmd"], new KeptEvents());
    expect(engine.log).not.toContain("build built");
  });

  test("asks the mirror for the packages that the compiled programs need", async () => {
    const engine = engineWith(built);
    await buildImages(engine, set, ["slurmd"], new KeptEvents());
    const asked = engine.builds.get("resolved")?.args.PACKAGES?.split(" ");
    expect(asked).toEqual(expect.arrayContaining(["munge", "libmunge2", "libjwt0"]));
  });

  test("without the tarball and without what it was compiled to is refused, before anything is built", async () => {
    const engine = engineWith();
    const building = buildImages(engine, sourceImageSet(SOURCE, "amd64"), ["slurmd"], new KeptEvents());
    await expect(building).rejects.toBeInstanceOf(NotCompiled);
    expect(engine.log).toEqual([]);
  });

  test("that fails while compiling is told as that, with its last lines", async () => {
    const engine = engineWith();
    engine.during.built = async ({ onLine }) => {
      onLine("configure: error: no munge");
      throw new Error("exit code 1");
    };
    const error = await buildImages(engine, set, ["slurmd"], new KeptEvents()).catch((one: unknown) => one);
    expect(error).toBeInstanceOf(BuildError);
    expect(error).toMatchObject({ image: "compile", lastLines: ["configure: error: no munge"] });
    expect(engine.images).not.toContain(built);
  });
});

describe("labels", () => {
  const stored = async (): Promise<StoredImage[]> => {
    const engine = engineWith();
    await buildImages(engine, set, ["slurmd"], new KeptEvents());
    return [...engine.builds.values()].map(({ tag, labels }, i) => ({
      id: tag,
      tags: [tag],
      labels,
      size: 0,
      created: i,
    }));
  };

  test("say what an image was compiled from and how", async () => {
    const slurmd = (await stored()).find(({ tags }) => tags[0] === set.tags.slurmd);
    expect(slurmd?.labels).toMatchObject({
      [IMAGE_LABEL.slurm]: "23.11.10",
      [IMAGE_LABEL.origin]: "source",
      [IMAGE_LABEL.sourceFile]: "slurm-23.11.10.tar.bz2",
      [IMAGE_LABEL.sourceSum]: SOURCE.sha256,
      [IMAGE_LABEL.configure]: '["--without-hwloc"]',
      [IMAGE_LABEL.suite]: "trixie",
    });
  });

  test("of any one image give the whole source back", async () => {
    for (const image of (await stored()).filter(({ labels }) => IMAGE_LABEL.slurm in labels))
      expect(sourcesIn([image]), image.tags[0]).toEqual([SOURCE]);
  });

  test("of several images of one source give it once", async () => {
    expect(sourcesIn(await stored())).toEqual([SOURCE]);
  });

  test("of the newest image come first", () => {
    const image = (configure: string, created: number): StoredImage => ({
      id: configure,
      tags: [],
      labels: {
        [IMAGE_LABEL.origin]: "source",
        [IMAGE_LABEL.slurm]: "23.11.10",
        [IMAGE_LABEL.sourceSum]: SOURCE.sha256,
        [IMAGE_LABEL.suite]: "trixie",
        [IMAGE_LABEL.configure]: JSON.stringify([configure]),
      },
      size: 0,
      created,
    });
    expect(
      sourcesIn([image("old", 1), image("new", 3), image("old", 2)]).map((each) => each.configure),
    ).toEqual([["new"], ["old"]]);
  });

  test("of packages, of other people's images and of broken ones give none", () => {
    const labelled = (labels: Record<string, string>): StoredImage => ({
      id: "x",
      tags: [],
      labels,
      size: 0,
      created: 0,
    });
    const broken = {
      [IMAGE_LABEL.origin]: "source",
      [IMAGE_LABEL.slurm]: "1",
      [IMAGE_LABEL.sourceSum]: "2",
      [IMAGE_LABEL.suite]: "3",
      [IMAGE_LABEL.configure]: "[4",
    };
    const images = [{}, { [IMAGE_LABEL.origin]: "packages", [IMAGE_LABEL.slurm]: "24.11.5" }, broken];
    expect(sourcesIn(images.map(labelled))).toEqual([]);
  });
});
