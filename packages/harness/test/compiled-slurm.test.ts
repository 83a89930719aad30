import { existsSync } from "node:fs";
import { join } from "node:path";
import { IMAGE_LABEL, type StoredImage, sourceImageSet } from "@slurmlab/images";
import { execa } from "execa";
import { describe, expect, test } from "vitest";
import { compiledLine, compiledRows } from "../src/cli/images/compiled-rows.ts";
import { buildCommand, compiledSlurm } from "../src/cli/images/wanted.ts";

const MAIN = join(import.meta.dirname, "../src/cli/main.ts");

/** An image as a build leaves it. */
function image(
  version: string,
  more: { configure?: string[]; created?: number; tag?: string } = {},
): StoredImage {
  return {
    id: `${version}-${more.created}`,
    tags: more.tag ? [more.tag] : [],
    labels: {
      [IMAGE_LABEL.origin]: "source",
      [IMAGE_LABEL.slurm]: version,
      [IMAGE_LABEL.suite]: "bookworm",
      [IMAGE_LABEL.sourceFile]: `slurm-${version}.tar.bz2`,
      [IMAGE_LABEL.sourceSum]: "ab".repeat(32),
      [IMAGE_LABEL.configure]: JSON.stringify(more.configure ?? []),
    },
    size: 1,
    created: more.created ?? 1,
  };
}
const engine = (...images: StoredImage[]) => ({ architecture: "amd64", listImages: async () => images });
const find = async (version: string, ...images: StoredImage[]) =>
  await compiledSlurm(version)?.images(engine(...images));

describe("--slurm", () => {
  test("with a release is the catalog's", () => {
    expect(compiledSlurm("22.05")).toBeUndefined();
  });

  test("with a patch level is a Slurm that was compiled, planned as its release", () => {
    expect(compiledSlurm("22.05.8")).toMatchObject({ version: "22.05.8", release: "22.05" });
  });

  test("with a version that nothing is known of is planned as the newest older release, and says so", async () => {
    expect(compiledSlurm("23.11.10")?.release).toBe("22.05");
    const found = await find("23.11.10", image("23.11.10"));
    expect(found?.line).toBe(
      "Slurm 23.11.10 compiled from slurm-23.11.10.tar.bz2 on bookworm; nothing is known of its own release, so its configuration is that of 22.05",
    );
  });

  test("with a version older than all that is known is bad input", () => {
    expect(() => compiledSlurm("19.05.1")).toThrow(/older than every release/);
  });
});

describe("the images of a compiled version", () => {
  test("are those that its labels describe", async () => {
    const source = {
      version: "22.05.8",
      suite: "bookworm",
      file: "slurm-22.05.8.tar.bz2",
      sha256: "ab".repeat(32),
      configure: ["--x"],
    };
    const found = await find("22.05.8", image("24.11.5"), image("22.05.8", { configure: ["--x"] }));
    expect(found?.set.tags).toEqual(sourceImageSet(source, "amd64").tags);
  });

  test("are the newest, where there are several, and that is said", async () => {
    const old = image("22.05.8", { configure: ["--old"], created: 1 });
    const found = await find("22.05.8", old, image("22.05.8", { configure: ["--new"], created: 2 }));
    expect(found?.line).toBe(
      "Slurm 22.05.8 compiled from slurm-22.05.8.tar.bz2 on bookworm, --new; the newest of 2 builds",
    );
  });

  test("that are not there are bad input, with those that are and the command that builds them", async () => {
    await expect(find("22.05.9", image("22.05.8"))).rejects.toMatchObject({
      kind: "bad-input",
      message: "Slurm 22.05.9 is not compiled here",
      seen: "images from the source of 22.05.8",
      hint: "pnpm images build --slurm 22.05.9 --source FILE --sha256 SUM",
    });
  });

  test("are built again by a command that a shell reads as it is meant", () => {
    const configure = ["CFLAGS=-O0 -g", "--with-x='y'"];
    const source = { version: "22.05.8", suite: "bookworm", file: "s.tar.gz", sha256: "00", configure };
    expect(buildCommand(sourceImageSet(source, "amd64"))).toBe(
      `pnpm images build --slurm 22.05.8 --source s.tar.gz --sha256 00 --base bookworm --configure-arg='CFLAGS=-O0 -g' --configure-arg='--with-x='\\''y'\\'''`,
    );
  });
});

describe("images list", () => {
  test("shows what was compiled, with the images that are there", () => {
    const source = {
      version: "22.05.8",
      suite: "bookworm",
      file: "slurm-22.05.8.tar.bz2",
      sha256: "ab".repeat(32),
      configure: [],
    };
    const { tags } = sourceImageSet(source, "amd64");
    const images = Object.values(tags).map((tag) => image("22.05.8", { tag }));
    expect(compiledRows(images, "amd64").map(compiledLine)).toEqual([
      "22.05.8 bookworm  built     from slurm-22.05.8.tar.bz2",
    ]);
    expect(compiledRows(images.slice(1), "amd64")[0]?.missing).toEqual(["client"]);
  });

  test("has the versions in order", () => {
    const rows = compiledRows([image("24.11.5"), image("22.05.11"), image("22.05.8")], "amd64");
    expect(rows.map((row) => row.slurm)).toEqual(["22.05.8", "22.05.11", "24.11.5"]);
  });
});

const system = ["/var/run/docker.sock", "/run/podman/podman.sock"].find((socket) => existsSync(socket));

test.skipIf(system !== undefined)(
  "images list does not call unbuilt what no engine could be asked about",
  async () => {
    const { exitCode, stdout } = await execa(process.execPath, [MAIN, "images", "list"], {
      env: { DOCKER_HOST: undefined, DOCKER_CONTEXT: undefined, SLURMLAB_STATE: "/nonexistent" },
    });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^no container engine runs, so what is built is not known/);
    expect(stdout).toMatch(/^24\.11 .* not known {2}default$/m);
  },
);

test("a dry run of a compiled Slurm needs an engine to look in, and says so", async () => {
  const { exitCode, stderr } = await execa(
    process.execPath,
    [MAIN, "scenario", "hello", "--slurm", "22.05.8", "--dry-run"],
    { reject: false, env: { DOCKER_HOST: "unix:///nonexistent/docker.sock", SLURMLAB_NO_INSTALL: "1" } },
  );
  expect({ exitCode, says: /no container engine answers at DOCKER_HOST/.test(stderr) }).toEqual({
    exitCode: 3,
    says: true,
  });
});
