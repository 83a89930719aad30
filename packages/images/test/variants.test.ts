import { VARIANTS } from "@slurmlab/config-gen";
import { describe, expect, test } from "vitest";
import {
  buildImages,
  CATALOG,
  findRelease,
  IMAGE_LABEL,
  imageSet,
  type SlurmRelease,
  VARIANT_ROLES,
  variantProblems,
  variantSet,
} from "../src/index.ts";
import { KeptEvents } from "./support/build-events.ts";
import { FakeImageEngine } from "./support/fake-image-engine.ts";

const plain = imageSet(findRelease("24.11") as SlurmRelease, "amd64");
const mpi = variantSet(plain, "mpi");

describe("a variant's images", () => {
  test("are other ones for workers and login nodes, with its name in the tag, and the same for all else", () => {
    const { slurmd, login, ...others } = mpi.tags;
    for (const [role, tag] of Object.entries({ slurmd, login }))
      expect(tag).toMatch(new RegExp(`^slurmlab/${role}:24\\.11-mpi-[0-9a-f]{12}$`));
    expect(plain.tags).toMatchObject(others);
  });

  test("change with the images below", () => {
    const arm = variantSet(imageSet(findRelease("24.11") as SlurmRelease, "arm64"), "mpi");
    expect(arm.tags.slurmd).not.toBe(mpi.tags.slurmd);
  });

  test("leave the images without a variant as they are, however the variant is made", () => {
    expect(plain.files.filter(({ path }) => /variant|ssh/.test(path))).toEqual([]);
  });

  test("of all variants and releases have no tag in common", () => {
    const layered = CATALOG.flatMap((line) =>
      VARIANTS.flatMap((variant) => {
        const { tags } = variantSet(imageSet(line, "amd64"), variant);
        return VARIANT_ROLES.map((role) => tags[role]);
      }),
    );
    expect(new Set(layered).size).toBe(layered.length);
  });
});

describe("building a variant", () => {
  test("makes what it is put on first, and then a layer on each", async () => {
    const engine = new FakeImageEngine([plain.base.tag]);
    await buildImages(engine, mpi, ["slurmd"], new KeptEvents());
    expect(engine.log.filter((line) => line.startsWith("built"))).toEqual([
      "built resolved",
      "built slurmd",
      "built variant",
    ]);
    expect(engine.images).toContain(mpi.tags.slurmd);
  });

  test("does not make again what is there", async () => {
    const engine = new FakeImageEngine([plain.tags.slurmd]);
    await buildImages(engine, mpi, ["slurmd"], new KeptEvents());
    expect(engine.log).toEqual(["build variant", "built variant"]);
  });

  test("puts no layer on a role that has none", async () => {
    const engine = new FakeImageEngine([plain.base.tag]);
    await buildImages(engine, mpi, ["db"], new KeptEvents());
    expect(engine.log.filter((line) => line.startsWith("built"))).toEqual(["built resolved", "built db"]);
  });

  test("says in a label which it is, and starts from the role's own image", async () => {
    const engine = new FakeImageEngine([plain.tags.login]);
    await buildImages(engine, mpi, ["login"], new KeptEvents());
    const build = engine.builds.get("variant");
    expect(build?.labels).toMatchObject({ [IMAGE_LABEL.variant]: "mpi" });
    expect(build?.args.BASE).toBe(plain.tags.login);
  });

  test("reports its builds apart from the role's own", async () => {
    const events = new KeptEvents();
    await buildImages(new FakeImageEngine([plain.tags.slurmd]), mpi, ["slurmd"], events);
    expect(events.done).toEqual([`mpi slurmd ${mpi.tags.slurmd} true`]);
  });

  test("takes apptainer alone from another suite, at a lower priority than the image's own", () => {
    const of = (name: (typeof VARIANTS)[number]) =>
      variantSet(plain, name).variant?.files.find(({ path }) => path === "build/preferences");
    expect(String(of("apptainer")?.content)).toContain("Pin: release n=sid\nPin-Priority: 100\n");
    expect(VARIANTS.filter((name) => of(name))).toEqual(["apptainer"]);
  });
});

describe("the Dockerfile of variants", () => {
  const files = variantSet(plain, "ssh").variant?.files ?? [];
  const text = String(files.find(({ path }) => path === "Dockerfile")?.content);

  test("is given every argument that it asks for, and no other", () => {
    const asked = new Set([...text.matchAll(/^ARG (\w+)/gm)].map((match) => match[1]));
    expect([...asked].sort()).toEqual(["BASE", ...Object.keys(mpi.variant?.args ?? {})].sort());
  });

  test("has the scripts that install packages in its context", () => {
    const paths = files.map(({ path }) => path);
    expect(paths).toEqual(
      expect.arrayContaining(["build/resolve", "build/fetch", "build/install", "build/apt", "variant/add"]),
    );
  });

  test("copies and mounts only what is in its context", () => {
    const wanted = [
      ...[...text.matchAll(/^COPY (\S+)/gm)].map((match) => match[1] ?? ""),
      ...[...text.matchAll(/type=bind,source=(\w+),/g)].map((match) => `${match[1]}/`),
    ];
    expect(wanted.filter((path) => !files.some((file) => file.path.startsWith(path)))).toEqual([]);
  });
});

describe("a suite that cannot have a variant", () => {
  test("is named with the reason", () => {
    expect(variantProblems("apptainer", "bookworm").map(({ message }) => message)).toEqual([
      "there is no variant apptainer on bookworm: apptainer is in Debian's sid alone, and wants libc6 2.38 or later where bookworm has 2.36",
    ]);
  });

  test("is none where the suite has it, or no variant is wanted", () => {
    expect([...variantProblems("apptainer", "trixie"), ...variantProblems(undefined, "bookworm")]).toEqual(
      [],
    );
  });
});
