import { VARIANTS } from "@slurmlab/config-gen";
import { describe, expect, test } from "vitest";
import {
  buildImages,
  CATALOG,
  findRelease,
  IMAGE_LABEL,
  imageSet,
  LAYER_NAMES,
  type LayerName,
  layeredSet,
  layerProblems,
  layersWanted,
  type SlurmRelease,
  VARIANT_ROLES,
} from "../src/index.ts";
import { KeptEvents } from "./support/build-events.ts";
import { FakeImageEngine } from "./support/fake-image-engine.ts";

const plain = imageSet(findRelease("24.11") as SlurmRelease, "amd64");
const mpi = layeredSet(plain, "mpi");

describe("a variant's images", () => {
  test("are other ones for workers and login nodes, with its name in the tag, and the same for all else", () => {
    const { slurmd, login, ...others } = mpi.tags;
    for (const [role, tag] of Object.entries({ slurmd, login }))
      expect(tag).toMatch(new RegExp(`^slurmlab/${role}:24\\.11-mpi-[0-9a-f]{12}$`));
    expect(plain.tags).toMatchObject(others);
  });

  test("change with the images below", () => {
    const arm = layeredSet(imageSet(findRelease("24.11") as SlurmRelease, "arm64"), "mpi");
    expect(arm.tags.slurmd).not.toBe(mpi.tags.slurmd);
  });

  test("leave the images without a variant as they are, however the variant is made", () => {
    expect(plain.files.filter(({ path }) => /variant|ssh/.test(path))).toEqual([]);
  });

  test("of all variants and releases have no tag in common", () => {
    const layered = CATALOG.flatMap((line) =>
      VARIANTS.flatMap((variant) => {
        const { tags } = layeredSet(imageSet(line, "amd64"), variant);
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
    expect(build?.labels).toMatchObject({ [IMAGE_LABEL.layer]: "mpi" });
    expect(build?.args.BASE).toBe(plain.tags.login);
  });

  test("reports its builds apart from the role's own", async () => {
    const events = new KeptEvents();
    await buildImages(new FakeImageEngine([plain.tags.slurmd]), mpi, ["slurmd"], events);
    expect(events.done).toEqual([`mpi slurmd ${mpi.tags.slurmd} true`]);
  });

  test("takes apptainer and MySQL alone from another suite, at a lower priority than the image's own", () => {
    const of = (name: LayerName) =>
      layeredSet(plain, name).layer?.files.find(({ path }) => path === "build/preferences");
    expect(String(of("apptainer")?.content)).toContain("Pin: release n=sid\nPin-Priority: 100\n");
    expect(LAYER_NAMES.filter((name) => of(name))).toEqual(["apptainer", "mysql"]);
  });
});

describe.each(["ssh", "mysql"] as const)("the Dockerfile of %s", (name) => {
  const { files = [], args } = layeredSet(plain, name).layer ?? {};
  const text = String(files.find(({ path }) => path === "Dockerfile")?.content);

  test("is given every argument that it asks for, and no other", () => {
    const asked = new Set([...text.matchAll(/^ARG (\w+)/gm)].map((match) => match[1]));
    expect([...asked].sort()).toEqual(["BASE", ...Object.keys(args ?? {})].sort());
  });

  test("has the scripts that install packages in its context", () => {
    const paths = files.map(({ path }) => path);
    expect(paths).toEqual(
      expect.arrayContaining(["build/resolve", "build/fetch", "build/install", "build/apt", "variant/add"]),
    );
  });

  test("copies and mounts only what is in its context", () => {
    const wanted = [
      ...[...text.matchAll(/^COPY ([^-]\S+)/gm)].map((match) => match[1] ?? ""),
      ...[...text.matchAll(/type=bind,source=(\w+),/g)].map((match) => `${match[1]}/`),
    ];
    expect(wanted.filter((path) => !files.some((file) => file.path.startsWith(path)))).toEqual([]);
  });
});

describe("MySQL in place of MariaDB", () => {
  const mysql = layeredSet(plain, "mysql");

  test("changes the image of the database, and no other", () => {
    const { db, ...others } = mysql.tags;
    expect(db).toMatch(/^slurmlab\/db:24\.11-mysql-[0-9a-f]{12}$/);
    expect(plain.tags).toMatchObject(others);
  });

  test("is made from the image of slurmdbd, which makes the tables, and without MariaDB's", async () => {
    const engine = new FakeImageEngine([plain.base.tag]);
    await buildImages(engine, mysql, ["db"], new KeptEvents());
    expect(engine.log.filter((line) => line.startsWith("built"))).toEqual([
      "built resolved",
      "built slurmdbd",
      "built mysql",
    ]);
    expect(engine.builds.get("mysql")?.args).toMatchObject({
      BASE: plain.tags.slurmdbd,
      SYSTEM: plain.base.tag,
    });
  });

  test("has the same image with a variant on the others, and the variant's the same without it", () => {
    const both = layersWanted({ variant: "mpi", database: "mysql" }).reduce(layeredSet, plain);
    expect(both.tags).toEqual({ ...layeredSet(plain, "mpi").tags, db: mysql.tags.db });
  });

  test("and a variant are built in one call, each on its own images", async () => {
    const both = layersWanted({ variant: "mpi", database: "mysql" }).reduce(layeredSet, plain);
    const events = new KeptEvents();
    const engine = new FakeImageEngine([plain.tags.slurmd, plain.tags.slurmdbd]);
    await buildImages(engine, both, ["slurmd", "db"], events);
    expect(events.done.toSorted()).toEqual([
      `mpi slurmd ${both.tags.slurmd} true`,
      `mysql db ${both.tags.db} true`,
    ]);
  });

  test("cannot be had on a suite that is too old for it", () =>
    expect(
      layerProblems({ database: "mysql" }, "trixie").map(({ path, message }) => [path, message]),
    ).toEqual([
      [
        "database",
        "there is no MySQL on trixie: MySQL is in Debian's sid alone, and wants libstdc++6 16 or later where trixie has 14",
      ],
    ]));
});

describe("a suite that cannot have a variant", () => {
  test("is named with the reason", () => {
    expect(layerProblems({ variant: "apptainer" }, "bookworm").map(({ message }) => message)).toEqual([
      "there is no variant apptainer on bookworm: apptainer is in Debian's sid alone, and wants libc6 2.38 or later where bookworm has 2.36",
    ]);
  });

  test("is none where the suite has it, or no variant is wanted", () => {
    expect([
      ...layerProblems({ variant: "apptainer" }, "trixie"),
      ...layerProblems({ database: "mariadb" }, "bookworm"),
    ]).toEqual([]);
  });
});
