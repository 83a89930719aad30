import fc from "fast-check";
import { expect, test } from "vitest";
import { accountingCommands, renderBundle, reservationCommands } from "../src/index.ts";
import { planOf } from "./support/plan.ts";
import { randomSpec } from "./support/random-spec.ts";
import { FAKE_SECRETS, groundFor } from "./support/specs.ts";

/** One value as Slurm's parser takes it: in quotes, or without white space. */
const VALUE = '(?:"[^"]*"|\\S+)';
const KEYS = new RegExp(`^[A-Za-z][\\w.]*=${VALUE}(?: [A-Za-z][\\w.]*=${VALUE})*$`);
/** `#` with an even number of backslashes before it: the rest of the line would be gone. */
const COMMENT = /(?<!\\)(?:\\\\)*#/;

function isSound(line: string): boolean {
  return line === "" || line.startsWith("# ") || (KEYS.test(line) && !COMMENT.test(line));
}

test.each(["20.11", "22.05", "24.11", "26.05"])(
  "whatever a right specification says, it is planned and rendered for Slurm %s, in lines that Slurm can read",
  (slurm) => {
    fc.assert(
      fc.property(randomSpec(slurm), fc.constantFrom("v1" as const, "none" as const), (spec, cgroup) => {
        const plan = planOf(spec, slurm);
        const bundle = renderBundle(plan, groundFor(plan, cgroup), FAKE_SECRETS);
        const conf = bundle.find(({ path }) => path === "/etc/slurm/slurm.conf");
        expect(
          String(conf?.content)
            .split("\n")
            .filter((line) => !isSound(line)),
        ).toEqual([]);
        const words = [...accountingCommands(plan), ...reservationCommands(plan)].flat();
        expect(words.filter((word) => /undefined|null|\[object/.test(word))).toEqual([]);
      }),
      { numRuns: 2500 },
    );
  },
  30_000,
);
