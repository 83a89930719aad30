import { z } from "zod";
import type { Node } from "../cluster/node.ts";
import { changeFile } from "./changed-file.ts";
import { defineFault } from "./fault.ts";
import { lacksMunge } from "./munge.ts";
import { runFileOf } from "./run-file.ts";
import { target } from "./target.ts";

/**
 * As a node without NTP. The clock is munged's alone: its credentials carry the time at which they were made, and the
 * timers of Slurm's daemons would break under a clock that is made up. libfaketime is what moves it.
 */
export const clockSkew = defineFault({
  name: "clock-skew",
  summary:
    "Puts munged's clock on nodes ahead of everybody's, or behind: credentials are then rewound or expired.",
  schema: z.strictObject({
    fault: z.literal("clock-skew"),
    on: target,
    by: z
      .string()
      .regex(/^[+-]\d+s$/, { error: 'expected seconds ahead or behind such as "+600s" or "-600s"' })
      .default("+600s")
      .meta({
        description: "seconds ahead or behind; a credential lives 300 s unless AuthInfo says otherwise",
      }),
  }),
  lacks: (_, plan) => lacksMunge(plan),
  async unavailable(_, { nodes }): Promise<string | undefined> {
    for (const node of nodes)
      if (!(await library(node))) return `the image of ${node.name} has no libfaketime`;
    return undefined;
  },
  sentence: ({ on, by }) => `munged's clock on ${on} is off by ${by}`,
  async inject({ by }, { nodes, daemons, heals }): Promise<void> {
    for (const node of nodes) {
      heals(`restart munged on ${node.name}`, () => daemons.restart(node, "munged"));
      const clock = [
        "env",
        `LD_PRELOAD=${await library(node)}`,
        `FAKETIME=${by.replace("s", "")}`,
        // Timers go by the monotonic clock, which no skew moves.
        "FAKETIME_DONT_FAKE_MONOTONIC=1",
      ];
      // Behind chpst: the library's shared memory must belong to the user that munged runs as.
      const skewed = (text: string) => text.replace(/(?=munged --foreground)/, `${clock.join(" ")} `);
      await changeFile(node, runFileOf(node, "munged"), skewed, { heals });
      await daemons.restart(node, "munged");
    }
  },
});

/** Its folder is named after the machine's architecture. */
async function library(node: Node): Promise<string> {
  const found = await node.run(["find", "/usr/lib", "-name", "libfaketime.so.1"]);
  return found.split("\n")[0] ?? "";
}
