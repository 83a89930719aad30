import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, extname, join, relative, resolve } from "node:path";
import { EXIT, LabError } from "../../errors/lab-error.ts";
import { ENDINGS, findScenario, nameOf } from "../../scenario/load.ts";
import { isSubcommand } from "../../scenario/subcommands.ts";
import { SCENARIO_FOLDER } from "../project.ts";
import { terminal } from "../terminal.ts";
import { ejected } from "./eject.ts";
import { TYPESCRIPT_START, YAML_START } from "./starting-files.ts";

export interface NewOptions {
  readonly ts?: boolean;
  /** A scenario to begin with, by name or path. */
  readonly from?: string;
}

/** `scenario new`: writes a file to begin with, never over one that is there. */
export function newScenario(wanted: string, options: NewOptions): number {
  const out = terminal({});
  const source = options.from === undefined ? undefined : findScenario(options.from, SCENARIO_FOLDER);
  const { folder, name, ending } = target(wanted, options, source);
  checkName(name, wanted);
  const other = ENDINGS.map((each) => join(folder, `${name}${each}`)).find((file) => existsSync(file));
  if (other) throw taken(other);
  if (ending === ".ts") checkImport(folder);
  const file = join(folder, `${name}${ending}`);
  const content = withSchemaFor(contentOf(ending, source), folder);
  try {
    writeFileSync(file, content, { flag: "wx" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") throw taken(file);
    throw new LabError({
      kind: "bad-input",
      message: `${file} cannot be written: ${(error as Error).message}`,
      cause: error,
    });
  }
  out.print(
    `${file}\nrun it with: pnpm scenario ${folder === resolve(SCENARIO_FOLDER) ? name : typed(file)}`,
  );
  return EXIT.ok;
}

/** A bare name goes to the other scenarios, a path where it says. */
function target(wanted: string, options: NewOptions, source: string | undefined) {
  const written = ENDINGS.includes(extname(wanted)) ? extname(wanted) : undefined;
  if (options.ts && written !== undefined && written !== ".ts") {
    throw new LabError({
      kind: "bad-input",
      message: `--ts makes a .ts file, and "${wanted}" ends in ${written}`,
    });
  }
  const like = source && extname(source) === ".ts" ? ".ts" : ".yaml";
  const ending = options.ts ? ".ts" : (written ?? like);
  const isPath = wanted.includes("/");
  const folder = isPath ? resolve(process.env.INIT_CWD ?? ".", dirname(wanted)) : resolve(SCENARIO_FOLDER);
  return { folder, name: written ? nameOf(wanted) : basename(wanted), ending };
}

function checkName(name: string, wanted: string): void {
  if (isSubcommand(name)) {
    throw new LabError({
      kind: "bad-input",
      message: `"${name}" is a subcommand of pnpm scenario, so no scenario can be called so`,
      hint: "choose another name",
    });
  }
  if (/^[a-z0-9][a-z0-9-]*$/.test(name)) return;
  throw new LabError({
    kind: "bad-input",
    message: `"${wanted}" is no name for a scenario`,
    expected: "lower case letters, digits and hyphens, such as node-fails",
  });
}

/** Node looks for packages in a file's own folder and in those above it. */
function checkImport(folder: string): void {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, "node_modules", "@slurmlab", "harness"))) return;
    if (dirname(at) === at) break;
  }
  throw new LabError({
    kind: "bad-input",
    message: `a TypeScript scenario in ${folder} could not import @slurmlab/harness`,
    hint: "give a name without a path, for the folder of scenarios, or leave --ts out",
  });
}

function contentOf(ending: string, source: string | undefined): string {
  if (!source) return ending === ".ts" ? TYPESCRIPT_START : YAML_START;
  if (ending === ".ts") return extname(source) === ".ts" ? readFileSync(source, "utf8") : ejected(source);
  if (extname(source) !== ".ts") return readFileSync(source, "utf8");
  throw new LabError({
    kind: "bad-input",
    message: `${nameOf(source)} is TypeScript, which cannot be made YAML`,
    hint: "leave the ending out, or give --ts",
  });
}

/** The line that tells an editor the schema, with the way to it from that folder. */
function withSchemaFor(content: string, folder: string): string {
  const schema = relative(folder, join(SCENARIO_FOLDER, "../docs/schema/scenario.json"));
  return content.replace(/(yaml-language-server: \$schema=)\S+/, (_, key: string) => `${key}${schema}`);
}

/** A file's path as somebody would type it. */
function typed(file: string): string {
  const path = relative(process.env.INIT_CWD ?? ".", file);
  return path.startsWith("..") ? file : `./${path}`;
}

function taken(file: string): LabError {
  return new LabError({
    kind: "bad-input",
    message: `${file} is there already`,
    hint: "choose another name; nothing is ever overwritten",
  });
}
