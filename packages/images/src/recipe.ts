import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import type { SlurmRelease } from "./catalog.ts";

/** A file of a build context. */
interface ContextFile {
  /** Relative to the context. */
  readonly path: string;
  readonly content: Buffer;
  readonly executable: boolean;
}

/** Everything an image is made of: the same recipe always has the same tag, another one never has it. */
export interface Recipe {
  readonly name: "mockgpu" | "slurm" | "db";
  readonly tag: string;
  /** `--build-arg`s; tags of other recipes among them are what this one is built from. */
  readonly args: Readonly<Record<string, string>>;
  readonly files: readonly ContextFile[];
}

/** The images of one release, in an order in which they can be built: base, then mockgpu and db, then slurm. */
export interface ImageSet {
  readonly release: SlurmRelease;
  readonly base: BaseImage;
  readonly mockgpu: Recipe;
  readonly slurm: Recipe;
  readonly db: Recipe;
}

/** A bare Debian suite; see `base.ts` for where it comes from. */
export interface BaseImage {
  readonly suite: string;
  readonly tag: string;
  /** What a registry calls the same thing. */
  readonly reference: string;
}

const PACKAGE_ROOT = join(import.meta.dirname, "..");

/** Bumped when base images are made in another way. */
const BASE_REVISION = "1";

const COMMON = ["tini", "runit"];
const SLURM = [
  "slurmctld",
  "slurmdbd",
  "slurmd",
  "slurmrestd",
  "slurm-client",
  "slurm-wlm-basic-plugins",
  "munge",
];

/** The recipes of a release for an engine of this architecture (`amd64`, `arm64`: it is part of every tag's hash). */
export function imageSet(release: SlurmRelease, architecture: string): ImageSet {
  const { suite } = release;
  const base: BaseImage = {
    suite,
    tag: `slurmlab/base:${suite}-${hash([BASE_REVISION, suite, architecture])}`,
    reference: `debian:${suite}-slim`,
  };
  const node = readTree("context/node", "node");
  const mockgpu = recipe("mockgpu", suite, { BASE: base.tag }, [
    ...readTree("mockgpu", "mockgpu").filter((file) => /\.[ch]$|Makefile$/.test(file.path)),
    dockerfile("mockgpu/Dockerfile"),
  ]);
  const slurm = recipe(
    "slurm",
    release.slurm,
    {
      BASE: base.tag,
      MOCKGPU: mockgpu.tag,
      SLURM: release.slurm.replace(".", "\\."),
      PACKAGES: [...SLURM, ...release.packages, ...COMMON].join(" "),
    },
    [...readTree("context/build", "build"), ...node, dockerfile("context/slurm/Dockerfile")],
  );
  const db = recipe(
    "db",
    suite,
    { BASE: base.tag, PACKAGES: [...databasePackages(suite), ...COMMON].join(" ") },
    [
      ...node,
      ...readTree("context/db", ".").filter((file) => file.path.endsWith(".cnf")),
      dockerfile("context/db/Dockerfile"),
    ],
  );
  return { release, base, mockgpu, slurm, db };
}

/** The server without its Debian wrapping (debconf questions, a Galera cluster, cron jobs): 310 MB less. */
function databasePackages(suite: string): string[] {
  // bullseye still puts the version into the package's name.
  if (suite === "bullseye") return ["mariadb-server-core-10.5", "mariadb-client-core-10.5"];
  return ["mariadb-server-core", "mariadb-client-core"];
}

function recipe(
  name: Recipe["name"],
  label: string,
  args: Record<string, string>,
  files: readonly ContextFile[],
): Recipe {
  const inputs = [
    name,
    JSON.stringify(args),
    ...files.flatMap((f) => [f.path, String(f.executable), f.content]),
  ];
  return { name, tag: `slurmlab/${name}:${label}-${hash(inputs)}`, args, files };
}

function hash(inputs: ReadonlyArray<string | Buffer>): string {
  const sum = createHash("sha256");
  // Lengths keep ["ab","c"] and ["a","bc"] apart.
  for (const input of inputs) sum.update(`${Buffer.byteLength(input)}:`).update(input);
  return sum.digest("hex").slice(0, 12);
}

function dockerfile(path: string): ContextFile {
  return { path: "Dockerfile", content: readFileSync(join(PACKAGE_ROOT, path)), executable: false };
}

/** Every file below a folder of this package, sorted, so that the hash does not depend on the file system. */
function readTree(folder: string, as: string): ContextFile[] {
  const root = join(PACKAGE_ROOT, folder);
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path) => ({
      path: join(as, relative(root, path)),
      content: readFileSync(path),
      executable: (statSync(path).mode & 0o100) !== 0,
    }));
}
