// `pnpm bench [name...]`: benchmarks, each beside a floor that is measured in the same run, in one table. Without a name, all of them.
//
// Flags are the benchmarks' own and are passed on. A benchmark ends with 1 when it misses a goal that is a ratio to its
// floor; times alone depend on the machine and fail nothing.
import { basename } from "node:path";
import { $, glob } from "zx";

const ONE_TABLE = "packages/harness/bench/support/one-table.ts";

const files = (await glob("packages/*/bench/*.ts")).sort();
const known = files.map((file) => basename(file, ".ts"));
const given = process.argv.slice(2);
const flags = given.filter((word) => word.startsWith("-"));
const names = given.filter((word) => !word.startsWith("-"));
const unknown = names.find((name) => !known.includes(name));
if (flags.some((flag) => flag === "--help" || flag === "-h")) {
  console.log(
    [
      "pnpm bench [name...] [flags]",
      "",
      `Benchmarks: ${known.join(", ")}`,
      "",
      "Flags, passed on to the benchmarks:",
      "  --json  print JSON: a list of the benchmarks, each with its figures",
      "  --plot=FILE.svg  scale: draw time and memory over the number of nodes",
      "  --cold  images: build on an empty engine of its own, too, beside mmdebstrap with the same packages (minutes)",
      "",
      "Exit codes: 1 when a goal that is a ratio to a floor is missed, or a benchmark cannot be run; 2 bad input.",
      "",
      "Examples:",
      "  pnpm bench",
      "  pnpm bench config --json",
      "  pnpm bench images --cold",
      "  pnpm bench up side-by-side",
    ].join("\n"),
  );
} else if (unknown !== undefined) {
  console.error(`no benchmark "${unknown}"\n  expected ${known.join(", ")}`);
  process.exitCode = 2;
} else {
  const wanted = names.length > 0 ? names : known;
  const run = $({ stdio: ["ignore", "pipe", "inherit"], nothrow: true, quiet: true });
  const passed = flags.filter((flag) => flag !== "--json");
  const results: unknown[] = [];
  for (const file of files.filter((path) => wanted.includes(basename(path, ".ts")))) {
    const done = await run`${process.execPath} ${file} --json ${passed}`;
    if (done.exitCode !== 0) process.exitCode = 1;
    // One that could not be run has said why, and has no figures.
    if (done.stdout.trim() !== "") results.push(JSON.parse(done.stdout));
  }
  if (flags.includes("--json")) console.log(JSON.stringify(results, null, 2));
  else
    await $({
      stdio: ["pipe", "inherit", "inherit"],
      input: JSON.stringify(results),
    })`${process.execPath} ${ONE_TABLE}`;
}
