import { randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { compressHostlist, expandHostlist } from "@slurmlab/config-gen";
import fc from "fast-check";
import { pack } from "tar-stream";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { DockerEngine } from "../src/engine/docker.ts";
import { LABEL } from "../src/engine/labels.ts";

// Slurm's own `scontrol show hostnames` and `show hostlist`. A process takes 7 ms, so ten thousand expressions are asked
// for in batches, with a name between them that is in none; `show hostlist` sorts, and has to be asked one by one.
const RUNS = 10_000;
const BATCH = 250;
const SORTED_RUNS = 500;
const BETWEEN = "between-two";

let engine: DockerEngine;
let container: string;
const name = `slurmlab-hostlist-${randomBytes(3).toString("hex")}`;

beforeAll(async () => {
  engine = await DockerEngine.connect({ socketPath: inject("socket") });
  container = await engine.createContainer({
    name,
    hostname: "hostlist",
    image: inject("slurmImages")["24.11"]?.client ?? "",
    labels: { [LABEL.tool]: "test" },
    capabilities: [],
    entrypoint: ["sleep", "600"],
  });
  // scontrol reads slurm.conf before it does anything.
  const tar = pack();
  tar.entry({ name: "etc/slurm/slurm.conf" }, "ClusterName=x\nSlurmctldHost=localhost\n");
  tar.finalize();
  await engine.putFiles(container, Readable.from(tar));
  await engine.startContainer(container);
});

afterAll(() => engine.remove("container", container));

const digits = fc.integer({ min: 0, max: 1200 });
const range = fc
  .tuple(digits, fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 4 }))
  .map(([from, more, width]) => {
    const text = (value: number) => String(value).padStart(width, "0");
    return more === 0 ? text(from) : `${text(from)}-${text(from + more)}`;
  });
const bracket = fc.array(range, { minLength: 1, maxLength: 3 }).map((ranges) => `[${ranges.join(",")}]`);
const word = fc.stringMatching(/^[a-z][a-z0-9-]{0,4}[a-z-]$/);
const host = fc.oneof(
  word,
  fc
    .tuple(
      word,
      range.filter((text) => !text.includes("-")),
    )
    .map((parts) => parts.join("")),
  fc.tuple(word, bracket).map((parts) => parts.join("")),
  fc.tuple(word, bracket, word, bracket).map((parts) => parts.join("")),
);
const expression = fc.array(host, { minLength: 1, maxLength: 4 }).map((hosts) => hosts.join(","));

test("expressions expand to the names that scontrol gives, in its order", async () => {
  const expressions = fc.sample(expression, RUNS);
  for (let i = 0; i < RUNS; i += BATCH) {
    const batch = expressions.slice(i, i + BATCH);
    const theirs = await hostnames(batch);
    const ours = batch.map((each) => expandHostlist(each).join("\n"));
    const wrong = batch.findIndex((_, at) => ours[at] !== theirs[at]);
    expect(wrong < 0 ? "" : `${batch[wrong]}\nours:   ${ours[wrong]}\nSlurm's: ${theirs[wrong]}`).toBe("");
  }
});

test("what we compress, scontrol expands to the same names", async () => {
  const lists = fc.sample(expression, RUNS).map((each) => expandHostlist(each).slice(0, 60));
  for (let i = 0; i < RUNS; i += BATCH) {
    const batch = lists.slice(i, i + BATCH);
    const theirs = await hostnames(batch.map(compressHostlist));
    const wrong = batch.findIndex((names, at) => names.join("\n") !== theirs[at]);
    expect(
      wrong < 0 ? "" : `${compressHostlist(batch[wrong] ?? [])} is not ${batch[wrong]}: ${theirs[wrong]}`,
    ).toBe("");
  }
});

test("what scontrol compresses, we expand to the same set of names", async () => {
  const lists = fc.sample(expression, SORTED_RUNS).map((each) => expandHostlist(each).slice(0, 60));
  const theirs = await hostlists(lists.map((names) => names.join(",")));
  const wrong = lists.findIndex(
    (names, at) => String(expandHostlist(theirs[at] ?? "").sort()) !== String([...names].sort()),
  );
  expect(wrong < 0 ? "" : `${lists[wrong]}\nSlurm's: ${theirs[wrong]}`).toBe("");
});

async function hostnames(expressions: readonly string[]): Promise<string[]> {
  const printed = await run(["scontrol", "show", "hostnames", expressions.join(`,${BETWEEN},`)]);
  return printed.trim().split(`\n${BETWEEN}\n`);
}

async function hostlists(expressions: readonly string[]): Promise<string[]> {
  const script = 'for e in "$@"; do scontrol show hostlist "$e"; done';
  return (await run(["bash", "-c", script, "ask", ...expressions])).trim().split("\n");
}

async function run(argv: readonly string[]): Promise<string> {
  const { stdout, stderr, code } = await engine.exec(container, argv);
  if (code !== 0) throw new Error(stderr);
  return stdout;
}
