import { beforeEach } from "vitest";
import { engineSuite } from "./support/engine-suite.ts";
import { FakeEngine } from "./support/fake-engine.ts";

let engine = new FakeEngine();
beforeEach(() => {
  engine = new FakeEngine();
});

// The same suite runs on a real engine (real/engine.test.ts): what the fake promises, Docker keeps.
engineSuite("the fake engine", { engine: () => engine, image: () => "any", real: false });
