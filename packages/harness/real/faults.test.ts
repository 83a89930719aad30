import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { DockerEngine } from "../src/engine/docker.ts";
import { Unavailable } from "../src/errors/unavailable.ts";
import { FAULTS } from "../src/faults/index.ts";
import { FaultLab } from "./support/fault-lab.ts";
import { OF_MACHINES } from "./support/symptoms/of-machines.ts";
import { OF_SLURM } from "./support/symptoms/of-slurm.ts";

const LABS = [
  ["of machines", OF_MACHINES],
  ["of Slurm", OF_SLURM],
] as const;

// A cluster lives through all faults of its list, one after the other, so each has to leave it as it was. Two clusters side by side:
// most of a fault's time is waiting.
describe.concurrent.each(LABS)("a real cluster, faults %s", (_, symptoms) => {
  let lab: FaultLab;
  beforeAll(async () => {
    lab = await FaultLab.start(await DockerEngine.connect({ socketPath: inject("socket") }));
  });
  afterAll(() => lab?.stop());

  const named = symptoms.map((symptom) => [Object.values(symptom.input).join(" "), symptom] as const);
  test.for(named)(
    "shows %s, and is mended",
    { concurrent: false },
    async ([_name, { input, shows, administer, mended }], { skip }) => {
      const fault = await lab.inject(input).catch((error) => {
        if (error instanceof Unavailable) skip(error.message);
        throw error;
      });
      try {
        await shows(lab);
      } finally {
        await lab.heal(fault, administer);
      }
      await mended?.(lab);
    },
  );
});

/** Faults that need a kernel with an NFS client: scenarios try them where it has one, and `ci/vm` brings such a kernel. */
const IN_SCENARIOS = ["nfs-handles-stale"] as const;

test("every fault is tried", () => {
  const tried = new Set(LABS.flatMap(([, symptoms]) => symptoms.map(({ input }) => input.fault)));
  for (const fault of IN_SCENARIOS) {
    expect(readFileSync(`${import.meta.dirname}/../../../scenarios/${fault}.yaml`, "utf8")).toContain(
      `fault: ${fault} `,
    );
    tried.add(fault);
  }
  expect(FAULTS.map(({ name }) => name).filter((name) => !tried.has(name))).toEqual([]);
});
