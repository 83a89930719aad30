import { describe, expect, test } from "vitest";
import {
  buildImages,
  findRelease,
  IMAGE_LABEL,
  imageSet,
  lookAtBase,
  MovedOn,
  prunable,
  type SiteBase,
  type SlurmRelease,
  sourceImageSet,
  sourcesIn,
  suiteIn,
  UnfitBase,
} from "../src/index.ts";
import { KeptEvents } from "./support/build-events.ts";
import { FakeImageEngine } from "./support/fake-image-engine.ts";

const release = findRelease("24.11") as SlurmRelease;
const TRIXIE = 'PRETTY_NAME="Debian GNU/Linux 13 (trixie)"\nVERSION_CODENAME=trixie\nID=debian\n';
const base: SiteBase = { reference: "site/os:12", id: `sha256:${"0123456789ab".repeat(5)}`, suite: "trixie" };
const set = imageSet(release, "amd64", { base });
const look = (engine: FakeImageEngine) => lookAtBase(engine, "site/os:12", new AbortController().signal);

describe("looking at a site's image", () => {
  test("tells its suite and the engine's id of it", async () => {
    const engine = new FakeImageEngine(["site/os:12"]);
    engine.files["/usr/lib/os-release"] = TRIXIE;
    expect(await look(engine)).toEqual({ reference: "site/os:12", id: "site/os:12", suite: "trixie" });
  });

  test("pulls it where the engine does not have it", async () => {
    const engine = new FakeImageEngine();
    engine.files["/usr/lib/os-release"] = TRIXIE;
    await look(engine);
    expect(engine.log).toEqual(["pull site/os:12"]);
  });

  test("says what the registry said when there is no such image", async () => {
    const engine = new FakeImageEngine();
    engine.pulling = async () => {
      throw new Error("(HTTP code 404) unexpected - pull access denied ");
    };
    const error = await look(engine).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(UnfitBase);
    expect(error).toMatchObject({ reference: "site/os:12", seen: "pull access denied" });
  });

  test("takes a distribution that is like Debian by its own suite", () => {
    const noble = 'PRETTY_NAME="Ubuntu 24.04"\nVERSION_CODENAME=noble\nID=ubuntu\nID_LIKE=debian\n';
    expect(suiteIn(noble, "site/os:12")).toBe("noble");
  });

  test.each([
    [
      "dnf",
      'ID="rocky"\nID_LIKE="rhel centos fedora"\nPRETTY_NAME="Rocky Linux 9.4"\n',
      "Rocky Linux 9.4, whose packages are installed by dnf",
    ],
    ["zypper", 'ID="opensuse-leap"\nID_LIKE="suse opensuse"\n', "whose packages are installed by zypper"],
    ["nothing that is known", "ID=alpine\n", "alpine"],
    ["nobody knows", "", "an image without /usr/lib/os-release"],
  ])("refuses one whose packages come by %s, and says so", (_, text, seen) => {
    expect(() => suiteIn(text, "site/os:12")).toThrow(
      expect.objectContaining({ seen: expect.stringContaining(seen) }),
    );
  });

  test("refuses one of the family that does not say its suite", () => {
    expect(() => suiteIn("ID=debian\n", "site/os:12")).toThrow(
      expect.objectContaining({ expected: "VERSION_CODENAME in /usr/lib/os-release" }),
    );
  });
});

describe("images on a site's base", () => {
  test("have other tags than the suite's, and others again when the site's image is another", () => {
    const next = imageSet(release, "amd64", { base: { ...base, id: "sha256:feedfeedfeedfeed" } });
    const tags = [imageSet(release, "amd64"), set, next].map(({ tags: { slurmd } }) => slurmd);
    expect(new Set(tags).size).toBe(3);
  });

  test("are built on that image, and nothing is bootstrapped in its place", async () => {
    const [engine, events] = [new FakeImageEngine(["site/os:12"]), new KeptEvents()];
    await buildImages(engine, set, ["slurmd"], events);
    expect(engine.log[0]).toBe("tag base");
    expect(engine.builds.get("slurmd")?.args.BASE).toBe("slurmlab/base:site-0123456789ab");
    expect(events.tools).toEqual([]);
  });

  test("say in labels what the base was", async () => {
    const engine = new FakeImageEngine(["site/os:12"]);
    await buildImages(engine, set, ["slurmd"], new KeptEvents());
    expect(engine.builds.get("slurmd")?.labels).toMatchObject({
      [IMAGE_LABEL.base]: "site/os:12",
      [IMAGE_LABEL.baseId]: base.id,
    });
  });

  test("are not built when it has another Slurm, which is said of the site's image", async () => {
    const engine = new FakeImageEngine(["site/os:12"]);
    engine.resolved = "package slurm-client 23.11.4-1\n";
    const error = await buildImages(engine, set, ["slurmd"], new KeptEvents()).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(MovedOn);
    expect(error).toMatchObject({ suite: "site/os:12", found: "23.11.4" });
  });

  test("stay when what nothing needs is removed", () => {
    const image = { id: "x", size: 1, created: 1 };
    const stored = [
      { ...image, tags: [set.tags.slurmd], labels: { [IMAGE_LABEL.base]: "site/os:12" } },
      { ...image, tags: [set.base.tag, "site/os:12"], labels: {} },
    ];
    expect(prunable(stored, new Set(), { all: false })).toEqual([]);
  });

  test("of a Slurm that was compiled there are found again by their labels", async () => {
    const source = {
      version: "22.05.8",
      sha256: "00",
      file: "s.tar.bz2",
      configure: [],
      suite: "trixie",
      base,
    };
    const compiled = sourceImageSet(source, "amd64", Buffer.from("tar"));
    const engine = new FakeImageEngine(["site/os:12"]);
    engine.files["/depends"] = "libmunge2\n";
    await buildImages(engine, compiled, ["slurmd"], new KeptEvents());
    const labels = engine.builds.get("slurmd")?.labels ?? {};
    const stored = [{ id: "x", size: 1, created: 1, tags: [compiled.tags.slurmd], labels }];
    expect(sourcesIn(stored)).toEqual([source]);
  });
});
