import { z } from "zod";
import { changeFiles } from "../cluster/change-files.ts";
import { withKeys } from "../slurm/conf-keys.ts";
import { askSlurm } from "./ask.ts";
import { defineVerb } from "./verb.ts";

const FOLDER = "/etc/slurm";

export const reconfigure = defineVerb({
  name: "reconfigure",
  summary:
    "Runs scontrol reconfigure, after changing keys on every node that has the file. A change stays; what needs a restart needs the verb restart.",
  schema: z.strictObject({
    set: z
      .record(z.string(), z.union([z.string(), z.number(), z.null()]))
      .default({})
      .meta({ description: "keys and their new values; null leaves a key out: { KillWait: 5 }" }),
    file: z
      .enum(["slurm.conf", "cgroup.conf"])
      .default("slurm.conf")
      .meta({ description: "where the keys are" }),
  }),
  result: "nothing",
  disturbs: true,
  sentence: ({ set, file }) => {
    const changes = Object.entries(set).map(([key, value]) =>
      value === null ? `no ${key}` : `${key}=${value}`,
    );
    return changes.length === 0 ? "reconfigure" : `reconfigure with ${changes.join(", ")} in ${file}`;
  },
  async run({ set, file }, { cluster, signal }): Promise<void> {
    const keys = Object.entries(set).map(([key, value]): [string, string | null] => [
      key,
      value === null ? null : String(value),
    ]);
    if (keys.length > 0)
      await changeFiles(
        cluster,
        ({ path }) => path === `${FOLDER}/${file}`,
        (text) => withKeys(text, Object.fromEntries(keys)),
      );
    await askSlurm(cluster, ["scontrol", "reconfigure"], { signal });
  },
});
