import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { type ClusterPlan, type ConfigFile, renderBundle } from "@slurmlab/config-gen";
import { createTwoFilesPatch } from "diff";
import { newSecrets } from "../../cluster/secrets.ts";
import { EXIT, LabError, messageOf } from "../../errors/lab-error.ts";
import { assumedGround, NO_SECRETS } from "../plan.ts";
import { terminal } from "../terminal.ts";
import { count } from "./problems.ts";
import { loadSpec } from "./spec-file.ts";

export interface RenderOptions {
  readonly slurm?: string;
  readonly out?: string;
  readonly force?: boolean;
  readonly cgroup: "v1" | "v2" | "none";
  readonly json?: boolean;
}

/** `config render`: to standard output without secrets, or into a folder with fresh ones. */
export function render(wanted: string, options: RenderOptions): number {
  const { plan } = loadSpec(wanted, options);
  const bundle = renderBundle(
    plan,
    assumedGround(plan, options.cgroup),
    options.out ? newSecrets() : NO_SECRETS,
  );
  const out = terminal(options);
  if (options.out) {
    const written = writeBundle(options.out, bundle, options.force ?? false);
    out.note(
      `wrote ${count(written.length, "file")} for Slurm ${plan.slurm} to ${options.out}: ${written.join(" ")}`,
    );
    return EXIT.ok;
  }
  out.print(
    options.json
      ? JSON.stringify(
          bundle.map((file) => ({ ...file, mode: file.mode.toString(8), content: shownContent(file) })),
          null,
          2,
        )
      : bundle.map(shownFile).join("\n"),
  );
  return EXIT.ok;
}

export interface DiffOptions {
  readonly slurm?: readonly string[];
  readonly json?: boolean;
}

/** `config diff`: 0 when both give the same files, 1 when not. */
export function diff(a: string, b: string, options: DiffOptions): number {
  const [first, second = first] = options.slurm ?? [];
  const [left, right] = [
    textsOf(loadSpec(a, { slurm: first }).plan),
    textsOf(loadSpec(b, { slurm: second }).plan),
  ];
  const names = [...new Set([...left.keys(), ...right.keys()])].sort();
  const changed = names.filter((name) => left.get(name) !== right.get(name));
  const out = terminal(options);
  const patches = changed.map((name) =>
    createTwoFilesPatch(
      `${a}/${name}`,
      `${b}/${name}`,
      left.get(name) ?? "",
      right.get(name) ?? "",
      undefined,
      undefined,
      { context: 2 },
    ),
  );
  if (options.json)
    out.print(JSON.stringify({ same: changed.length === 0, files: changed, patches }, null, 2));
  else out.print(changed.length === 0 ? "both give the same files" : patches.join("\n").trimEnd());
  return changed.length === 0 ? EXIT.ok : EXIT.failed;
}

function textsOf(plan: ClusterPlan): Map<string, string> {
  const bundle = renderBundle(plan, assumedGround(plan, "v2"), NO_SECRETS);
  return new Map(bundle.map((file) => [file.path, shownContent(file)]));
}

/** What may be seen of a file: a secret one is named and nothing more. */
function shownContent(file: ConfigFile): string {
  if (typeof file.content !== "string") return "(bytes made fresh for each cluster)\n";
  return file.secret
    ? file.content.replace(/^(\s*StoragePass=).*$/gm, "$1(made fresh for each cluster)")
    : file.content;
}

function shownFile(file: ConfigFile): string {
  return `# ==> ${file.path} (${file.owner} ${file.mode.toString(8)}${file.secret ? ", secret" : ""})\n${shownContent(file)}`;
}

/** By base name, flat. A folder that has something in it is left alone without `force`. */
function writeBundle(folder: string, bundle: readonly ConfigFile[], force: boolean): string[] {
  const there = existsSync(folder) ? readdirSync(folder) : [];
  if (there.length > 0 && !force) {
    throw new LabError({
      kind: "bad-input",
      message: `${folder} is not empty: ${there.slice(0, 5).join(", ")}`,
      hint: "another --out, or --force to write into it",
    });
  }
  try {
    mkdirSync(folder, { recursive: true });
    for (const file of bundle) {
      // Scripts keep their mode; what is secret is the caller's alone, as the daemons' users are not on this machine.
      const mode = file.secret ? 0o600 : file.mode;
      writeFileSync(join(folder, basename(file.path)), file.content, { mode });
    }
  } catch (error) {
    throw new LabError({
      kind: "bad-input",
      message: `${folder} cannot be written`,
      seen: messageOf(error),
      cause: error,
    });
  }
  return bundle.map((file) => basename(file.path));
}
