import {
  CATALOG,
  DEFAULT_SLURM,
  IMAGE_LABEL,
  IMAGE_ROLES,
  imageSet,
  LAYER_NAMES,
  layeredSet,
  layerRecipe,
} from "@slurmlab/images";
import { lookForEngine } from "../../engine/find.ts";
import { EXIT } from "../../errors/lab-error.ts";
import { terminal } from "../terminal.ts";
import { compiledLine, compiledRows } from "./compiled-rows.ts";
import { megabytes } from "./sets.ts";

/** `images list`: the catalog, what of it is built, and what else of ours is in the engine. */
export async function list(options: { json?: boolean; images?: boolean }): Promise<number> {
  const out = terminal(options);
  const found = await lookForEngine(process.env);
  const stored = found ? await found.engine.listImages() : [];
  const byTag = new Map(stored.flatMap((image) => image.tags.map((tag) => [tag, image])));
  const rows = CATALOG.map((release) => {
    const set = imageSet(release, found?.engine.architecture ?? "unknown");
    const missing = IMAGE_ROLES.filter((role) => !byTag.has(set.tags[role]));
    const one = byTag.get(set.tags.slurmd);
    return {
      slurm: release.slurm,
      suite: release.suite,
      database: release.database,
      /** What its daemons say, when they are built. */
      version: one?.labels[IMAGE_LABEL.slurm] ?? null,
      missing,
      /** Those whose layers are there. */
      layers: LAYER_NAMES.filter((name) => {
        const { tags } = layeredSet(set, name);
        return layerRecipe(name).roles.every((role) => byTag.has(tags[role]));
      }),
      images: set.tags,
      bytes: Object.fromEntries(IMAGE_ROLES.map((role) => [role, byTag.get(set.tags[role])?.size ?? null])),
    };
  });
  if (!found)
    out.note("no container engine runs, so what is built is not known; `pnpm engine start` starts one");
  const compiled = found ? compiledRows(stored, found.engine.architecture) : [];
  if (options.json) {
    out.print(JSON.stringify([...rows, ...compiled], null, 2));
    return EXIT.ok;
  }
  for (const row of rows) {
    const state = !found
      ? "not known"
      : row.missing.length === 0
        ? `built, ${row.version}`
        : row.missing.length === IMAGE_ROLES.length
          ? "not built"
          : `built but for ${row.missing.join(", ")}`;
    const layers = row.layers.length > 0 ? `, with ${row.layers.join(", ")}` : "";
    out.print(
      `${row.slurm}  ${row.suite.padEnd(9)} ${row.database.padEnd(14)} ${state}${layers}${row.slurm === DEFAULT_SLURM ? "  default" : ""}`,
    );
    if (!options.images) continue;
    for (const role of IMAGE_ROLES)
      out.print(
        `       ${row.images[role].padEnd(48)} ${row.bytes[role] ? megabytes(row.bytes[role]) : "not built"}`,
      );
  }
  for (const row of compiled) out.print(compiledLine(row));
  return EXIT.ok;
}
