import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { DockerEngine } from "../src/engine/docker.ts";
import { FAULTS } from "../src/faults/index.ts";
import { FaultLab } from "./support/fault-lab.ts";
import { OF_MACHINES } from "./support/symptoms/of-machines.ts";
import { OF_SLURM } from "./support/symptoms/of-slurm.ts";

const SYMPTOMS = [...OF_MACHINES, ...OF_SLURM];

/** One cluster lives through all of them, so each has to leave it as it was. */
describe("a real cluster", () => {
  let lab: FaultLab;
  beforeAll(async () => {
    lab = await FaultLab.start(await DockerEngine.connect({ socketPath: inject("socket") }));
  });
  afterAll(() => lab?.stop());

  const named = SYMPTOMS.map((symptom) => [Object.values(symptom.input).join(" "), symptom] as const);
  test.each(named)("shows %s, and is mended", async (_, { input, shows, administer, mended }) => {
    const fault = await lab.inject(input);
    try {
      await shows(lab);
    } finally {
      await lab.heal(fault, administer);
    }
    await mended?.(lab);
  });
});

test("every fault is tried", () => {
  const tried = new Set(SYMPTOMS.map(({ input }) => input.fault));
  expect(FAULTS.map(({ name }) => name).filter((name) => !tried.has(name))).toEqual([]);
});
