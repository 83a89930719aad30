import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { findSlurm } from "./installed.ts";
import { knowledge } from "./knowledge.ts";
import { printJson } from "./print.ts";
import { differences } from "./source.ts";

const HELP = `Reads what a Slurm release accepts in its configuration files out of its own programs.

usage: node packages/config-gen/extract/main.ts --slurm 26.05 --from FOLDER [--check | --source TREE]

  --slurm 26.05   the release; its file is packages/config-gen/src/knowledge/data/26.05.json
  --from FOLDER   where the distribution's packages of that release are unpacked (see README.md)
  --check         write nothing; exit with 1 when the file would be another
  --source TREE   write nothing; print what the C tables of this source tree say otherwise
  --help`;

const DATA = join(import.meta.dirname, "../src/knowledge/data");

const { values } = parseArgs({
  options: {
    slurm: { type: "string" },
    from: { type: "string" },
    check: { type: "boolean" },
    source: { type: "string" },
    help: { type: "boolean" },
  },
});

if (values.help || !values.slurm || !values.from) {
  console.log(HELP);
  process.exitCode = values.help ? 0 : 2;
} else {
  const file = join(DATA, `${values.slurm}.json`);
  const found = knowledge(values.slurm, findSlurm(values.from));
  const text = printJson(found);
  if (values.source) console.log(differences(found, values.source).join("\n"));
  else if (!values.check) writeFileSync(file, text);
  else if (readFileSync(file, "utf8") !== text) {
    console.error(`${file} is not what the packages in ${values.from} say; run this without --check`);
    process.exitCode = 1;
  }
}
