import { beforeAll, inject } from "vitest";
import { DockerEngine } from "../src/engine/docker.ts";
import type { Engine } from "../src/engine/engine.ts";
import { engineSuite } from "../test/support/engine-suite.ts";

let engine: Engine;
beforeAll(async () => {
  engine = await DockerEngine.connect({ socketPath: inject("socket") });
});

engineSuite("the real engine", {
  engine: () => engine,
  image: () => inject("slurmImages")["24.11"]?.["single-node"] ?? "",
  real: true,
});
