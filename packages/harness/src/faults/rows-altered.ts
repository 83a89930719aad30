import { databaseName } from "@slurmlab/config-gen";
import { z } from "zod";
import { nodeOf } from "../cluster/cluster.ts";
import { defineFault } from "./fault.ts";

/** Tables are whatever slurmdbd has made: `lab_job_table`, `acct_table`, ... */
const name = z.string().regex(/^\w+$/, { error: "expected a table's name" });

export const rowsAltered = defineFault({
  name: "rows-altered",
  summary:
    "Changes rows of the accounting database behind slurmdbd's back, or deletes them, as a script or a hand does. Healed, they are as they were.",
  schema: z.strictObject({
    fault: z.literal("rows-altered"),
    table: name.meta({ description: "such as lab_job_table: the cluster's name and job_table" }),
    where: z.string().min(1).meta({ description: "which rows, in SQL" }),
    set: z.string().min(1).optional().meta({
      description: "what they are changed to, in SQL, such as state=3; without it they are deleted",
    }),
  }),
  sentence: ({ table, where, set }) =>
    set === undefined ? `rows of ${table} are gone: ${where}` : `rows of ${table} have ${set}: ${where}`,
  async inject({ table, where, set }, { cluster, heals }): Promise<void> {
    const node = nodeOf(cluster, "database");
    const sql = (stdin: string) => node.run(["mariadb", databaseName(cluster.plan)], { stdin });
    const kept = `slurmlab_kept_${table}`;
    heals(`put the rows of ${table} back`, async () => {
      const there = await sql(`SHOW TABLES LIKE '${kept}';`);
      if (!there.includes(kept)) return;
      await sql(`REPLACE INTO \`${table}\` SELECT * FROM \`${kept}\`; DROP TABLE \`${kept}\`;`);
    });
    // Made first and filled then: a table that is half filled would put back half.
    await sql(
      `CREATE TABLE \`${kept}\` LIKE \`${table}\`; INSERT INTO \`${kept}\` SELECT * FROM \`${table}\` WHERE ${where};`,
    );
    await sql(
      set === undefined
        ? `DELETE FROM \`${table}\` WHERE ${where};`
        : `UPDATE \`${table}\` SET ${set} WHERE ${where};`,
    );
  },
});
