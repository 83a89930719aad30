import { expect, test } from "vitest";
import type { BuildEvents } from "../src/build-step.ts";
import { BuildError, buildImages as build, findRelease, imageSet, type SlurmRelease } from "../src/index.ts";
import { KeptEvents } from "./support/build-events.ts";
import { FakeImageEngine } from "./support/fake-image-engine.ts";

// Where the base image comes from. The bootstrap itself needs root, a mirror and mmdebstrap; it ends here at the tool.

const set = imageSet(findRelease("24.11") as SlurmRelease, "amd64");
const buildImages = (engine: FakeImageEngine, of: typeof set, events: BuildEvents) =>
  build(engine, of, ["slurmd"], events);
const refused = new Error("(HTTP code 404) unexpected - pull access denied for debian ");

function refusing(): FakeImageEngine {
  const engine = new FakeImageEngine();
  engine.pulling = async () => {
    throw refused;
  };
  return engine;
}

test("the suite's image is used where the engine has it, and nothing is pulled", async () => {
  const [engine, events] = [new FakeImageEngine(["debian:trixie-slim"]), new KeptEvents()];
  await buildImages(engine, set, events);
  expect(engine.log.filter((line) => line.startsWith("pull"))).toEqual([]);
  expect(events.lines).toContain("base: base image: debian:trixie-slim");
});

test("a base image that is there is taken as it is", async () => {
  const engine = new FakeImageEngine([set.base.tag]);
  await buildImages(engine, set, new KeptEvents());
  expect(engine.log.filter((line) => /^(pull|tag)/.test(line))).toEqual([]);
});

test("the suite's image is pulled where the engine does not have it, and tagged", async () => {
  const engine = new FakeImageEngine();
  await buildImages(engine, set, new KeptEvents());
  expect(engine.log.slice(0, 2)).toEqual(["pull debian:trixie-slim", "tag base"]);
});

test("a pull that is refused says so in the engine's words and turns to mmdebstrap", async () => {
  const events = new KeptEvents();
  await buildImages(refusing(), set, events).catch(() => {});
  expect(events.lines).toEqual([
    "base: debian:trixie-slim cannot be pulled (pull access denied for debian); bootstrapping trixie with mmdebstrap",
  ]);
  expect(events.tools).toEqual(["mmdebstrap from mmdebstrap, debian-archive-keyring"]);
});

test("a tool that cannot be had is a failure of the base image, and nothing is built on it", async () => {
  const engine = refusing();
  const error = await buildImages(engine, set, new KeptEvents()).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(BuildError);
  expect(error).toMatchObject({
    message: "building the image base failed: mmdebstrap may not be installed here",
    image: "base",
  });
  expect(engine.log).toEqual(["pull debian:trixie-slim"]);
});

test("a pull that is stopped rejects with the reason of stopping, and nothing is bootstrapped", async () => {
  const [engine, events, stop] = [new FakeImageEngine(), new KeptEvents(), new Error("Ctrl-C")];
  engine.pulling = async () => {
    events.stop(stop);
    throw refused;
  };
  expect(await buildImages(engine, set, events).catch((reason: unknown) => reason)).toBe(stop);
  expect(events.tools).toEqual([]);
});
