// Reads what benchmarks print with `--json`, a list of them, and prints the figures of all as one table.
//
// node packages/harness/bench/support/one-table.ts < results.json
import { json } from "node:stream/consumers";
import { type Figure, table } from "./figures.ts";

const results = (await json(process.stdin)) as ReadonlyArray<{ readonly figures: readonly Figure[] }>;
console.log(table(results.flatMap(({ figures }) => figures)));
