// `pnpm test`: every layer of tests, ending with the line `N passed, N failed, N skipped`.
//
// The pure layers go through turbo and are cached; everything on a real engine runs each time, one file after the
// other, as it measures and fills the machine.
import { existsSync, readFileSync } from "node:fs";
import { $, glob } from "zx";

interface Results {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly numFailedTestSuites: number;
}

const REAL = "ci/.results/real.json";
const env = { ...process.env, TURBO_TELEMETRY_DISABLED: "1" };
const run = $({ nothrow: true, stdio: "inherit", env });

const pure = await run`turbo run test --output-logs=new-only`;
const borders =
  await run`vitest run --project borders --reporter=default --reporter=json --outputFile.json=ci/.results/borders.json`;
const real =
  await run`vitest run --project real --no-file-parallelism --reporter=verbose --reporter=json --outputFile.json=${REAL}`;

const files = [...(await glob("packages/*/.results/results.json")), "ci/.results/borders.json", REAL];
const total = { passed: 0, failed: 0, skipped: 0 };
for (const file of files.filter((path) => existsSync(path))) {
  const results = JSON.parse(readFileSync(file, "utf8")) as Results;
  total.passed += results.numPassedTests;
  total.failed += results.numFailedTests;
  total.skipped += results.numPendingTests + results.numTodoTests;
}
// A file that cannot even be loaded fails no test of its own, and must not pass for that.
const exits = [pure, borders, real].filter((done) => done.exitCode !== 0).length;
if (exits > 0 && total.failed === 0) total.failed = exits;
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed > 0 ? 1 : 0;
