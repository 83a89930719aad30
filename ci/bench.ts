// `pnpm bench [name...]`: benchmarks, each beside a floor that is measured in the same run. Nothing is asserted here: times
// depend on the machine. Without a name, all of them.
import { basename } from "node:path";
import { $, argv, glob } from "zx";

const files = (await glob("packages/*/bench/*.ts")).sort();
const known = files.map((file) => basename(file, ".ts"));
const wanted = argv._.length > 0 ? argv._.map(String) : known;
const unknown = wanted.find((name) => !known.includes(name));
if (argv.help) {
  console.log(
    `pnpm bench [name...] [--json]\n\nBenchmarks: ${known.join(", ")}\n\nExamples:\n  pnpm bench\n  pnpm bench config --json`,
  );
} else if (unknown !== undefined) {
  console.error(`no benchmark "${unknown}"\n  expected ${known.join(", ")}`);
  process.exitCode = 2;
} else {
  const run = $({ stdio: "inherit", nothrow: true });
  for (const file of files.filter((path) => wanted.includes(basename(path, ".ts")))) {
    const done = await run`${process.execPath} ${file} ${argv.json ? ["--json"] : []}`;
    if (done.exitCode !== 0) process.exitCode = 1;
  }
}
