import { z } from "zod";
import { keepFile } from "./changed-file.ts";
import { defineFault } from "./fault.ts";
import { lacksMunge, MUNGE_KEY } from "./munge.ts";
import { target } from "./target.ts";

/** As a key that was copied without its mode, or by root. munged says "Keyfile is insecure" and ends. */
export const mungeKeyMode = defineFault({
  name: "munge-key-mode",
  summary: "Gives nodes' munge key another mode or owner, and restarts munged, which then refuses to start.",
  schema: z.strictObject({
    fault: z.literal("munge-key-mode"),
    on: target,
    mode: z
      .string()
      .regex(/^0?[0-7]{3}$/, { error: 'expected a mode such as "0644"' })
      .optional()
      .meta({ description: "the key's mode; 0644 when no owner is given" }),
    owner: z.string().min(1).optional().meta({ description: "the key's owner: any user of the node" }),
  }),
  lacks: (_, plan) => lacksMunge(plan),
  sentence: ({ on, mode, owner }) => {
    const wrong = [
      modeOf({ mode, owner }) && `has mode ${modeOf({ mode, owner })}`,
      owner && `belongs to ${owner}`,
    ];
    return `the munge key on ${on} ${wrong.filter(Boolean).join(" and ")}`;
  },
  async inject({ mode, owner }, { nodes, daemons, heals }): Promise<void> {
    for (const node of nodes) {
      heals(`start munged on ${node.name}`, () => daemons.restart(node, "munged"));
      await keepFile(node, MUNGE_KEY, { heals });
      await daemons.stop(node, "munged");
      const wrongMode = modeOf({ mode, owner });
      if (wrongMode) await node.run(["chmod", wrongMode, MUNGE_KEY]);
      if (owner) await node.run(["chown", owner, MUNGE_KEY]);
      await daemons.startInVain(node, "munged", "ends");
    }
  },
});

interface Wrong {
  readonly mode?: string | undefined;
  readonly owner?: string | undefined;
}

function modeOf({ mode, owner }: Wrong): string | undefined {
  return mode ?? (owner ? undefined : "0644");
}
