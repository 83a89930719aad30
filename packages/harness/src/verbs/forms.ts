import type { ClusterPlan } from "@slurmlab/config-gen";
import { z } from "zod";
import { nodeNamed } from "../cluster/cluster.ts";
import { DAEMONS } from "../cluster/roles.ts";
import { accountedAs } from "../conditions/accounting.ts";
import type { Condition } from "../conditions/condition.ts";
import { ANSWERING, daemonIs } from "../conditions/daemon.ts";
import { dbdQueueIs } from "../conditions/dbd-queue.ts";
import { fileIs } from "../conditions/file.ts";
import { JOB_STATES, jobIs } from "../conditions/job.ts";
import { allEnded } from "../conditions/load.ts";
import { logMatches } from "../conditions/log.ts";
import { NODE_STATES, nodeIs } from "../conditions/node.ts";
import { outputMatches } from "../conditions/output.ts";
import { PARTITION_STATES, partitionIs } from "../conditions/partition.ts";
import { RESERVATION_STATES, reservationIs } from "../conditions/reservation.ts";
import { restAnswers } from "../conditions/rest.ts";
import { sqlMatches } from "../conditions/sql.ts";
import { daemonShape, daemonWords, nodeOfDaemon, wrongDaemon } from "./daemon.ts";
import { jobReference } from "./job.ts";
import { loadReference } from "./load-reference.ts";
import { pattern } from "./pattern.ts";
import type { StepContext } from "./verb.ts";

/**
 * Something that can be so, as a person writes it: what `until`, `expect` and `never` have in common. The first key of
 * its schema tells it apart from the others.
 */
interface Form<Schema extends z.ZodObject = z.ZodObject> {
  readonly schema: Schema;
  condition(input: z.output<Schema>, context: Pick<StepContext, "cluster" | "logs">): Condition<unknown>;
  /** `job 3 is COMPLETED`. Known before there is a cluster. */
  sentence(input: z.output<Schema>): string;
  nodes?(input: z.output<Schema>): string[];
  check?(input: z.output<Schema>, plan: ClusterPlan): string | undefined;
}

const form = <Schema extends z.ZodObject>(parts: Form<Schema>): Form<Schema> => parts;

const job = form({
  schema: z.strictObject({
    job: jobReference,
    is: z.enum(JOB_STATES),
    reason: z
      .string()
      .optional()
      .meta({ description: "Reason, as scontrol shows it; what stands behind a comma may be left out" }),
    restarts: z.int().min(0).optional().meta({ description: "how often it has been requeued" }),
  }),
  condition: (input) => jobIs(input.job, input),
  sentence: (input) => asSentence(jobIs(input.job, input)),
});

const node = form({
  schema: z.strictObject({
    node: z.string(),
    is: z.enum(NODE_STATES),
    reason: z.string().optional().meta({ description: "part of Reason, as `sinfo -R` shows it" }),
    version: z.string().optional().meta({ description: "the release of the slurmd that registered: 24.11" }),
  }),
  condition: (input) => nodeIs(input.node, input),
  sentence: (input) => asSentence(nodeIs(input.node, input)),
  nodes: (input) => [input.node],
});

const accounting = form({
  schema: z.strictObject({
    accounting: jobReference,
    is: z.enum(JOB_STATES),
    exitCode: z
      .string()
      .regex(/^\d+:\d+$/, { error: 'expected an exit code and a signal such as "3:0"' })
      .optional()
      .meta({ description: 'exit code and signal, as sacct shows them: "3:0"' }),
    tres: z
      .record(z.string(), z.int().min(0))
      .optional()
      .meta({ description: 'what was allocated: { "gres/gpu": 1 }; 0 means nothing of it' }),
    rows: z.int().min(1).optional().meta({ description: "rows of its id, one for each time it was queued" }),
  }),
  condition: (input) => accountedAs(input.accounting, input),
  sentence: (input) => asSentence(accountedAs(input.accounting, input)),
});

const output = form({
  schema: z.strictObject({ output: jobReference, matches: pattern }),
  condition: (input) => outputMatches(input.output, input.matches),
  sentence: (input) => asSentence(outputMatches(input.output, input.matches)),
});

const daemon = form({
  schema: z.strictObject({
    daemon: z.enum(ANSWERING).meta({ description: "a daemon, which is asked something" }),
    on: daemonShape.on,
    is: z.enum(["UP", "DOWN"]),
  }),
  condition: (input, { cluster }) =>
    daemonIs(input.daemon, nodeNamed(cluster, nodeOfDaemon(cluster.plan, input)), input.is),
  sentence: (input) => `${daemonWords(input)} is ${input.is}`,
  nodes: ({ on }) => (on ? [on] : []),
  check: (input, plan) => wrongDaemon(plan, input),
});

const log = form({
  schema: z.strictObject({
    log: z.enum(DAEMONS).meta({ description: "a daemon's log, after the last disturbance" }),
    on: daemonShape.on,
    matches: pattern,
  }),
  condition: ({ log: of, on, matches }, { cluster, logs }) => {
    const node = nodeNamed(cluster, nodeOfDaemon(cluster.plan, { daemon: of, on }));
    return logMatches({ daemon: of, node, matches }, logs);
  },
  sentence: ({ log: of, on, matches }) => `the log of ${daemonWords({ daemon: of, on })} matches ${matches}`,
  nodes: ({ on }) => (on ? [on] : []),
  check: ({ log: of, on }, plan) => wrongDaemon(plan, { daemon: of, on }),
});

const partition = form({
  schema: z.strictObject({ partition: z.string().min(1), is: z.enum(PARTITION_STATES) }),
  condition: (input) => partitionIs(input.partition, input.is),
  sentence: (input) => asSentence(partitionIs(input.partition, input.is)),
});

const reservation = form({
  schema: z.strictObject({ reservation: z.string().min(1), is: z.enum(RESERVATION_STATES) }),
  condition: (input) => reservationIs(input.reservation, input.is),
  sentence: (input) => asSentence(reservationIs(input.reservation, input.is)),
});

const queue = form({
  schema: z.strictObject({
    queue: z
      .literal("slurmdbd")
      .meta({ description: "messages that slurmctld keeps for slurmdbd, from sdiag" }),
    atLeast: z.int().min(0).default(0),
    atMost: z.int().min(0).default(Number.MAX_SAFE_INTEGER),
  }),
  condition: (input) => dbdQueueIs(input),
  sentence: (input) => asSentence(dbdQueueIs(input)),
});

const file = form({
  schema: z.strictObject({
    file: z.string().startsWith("/").meta({ description: "an absolute path" }),
    on: z.string().meta({ description: "the node's name" }),
    exists: z.boolean().optional(),
    matches: pattern.optional(),
  }),
  condition: (input) => fileIs({ ...input, path: input.file, node: input.on }),
  sentence: (input) => asSentence(fileIs({ ...input, path: input.file, node: input.on })),
  nodes: ({ on }) => [on],
});

const sql = form({
  schema: z.strictObject({
    sql: z.string().min(1).meta({ description: "a query in slurmdbd's database; columns are apart by tabs" }),
    matches: pattern.meta({ description: 'what its rows match: "^3\\t0$"; "^$" when there is none' }),
  }),
  condition: (input, { cluster }) => sqlMatches(cluster.plan, input.sql, input.matches),
  sentence: (input) => `the database's answer to \`${input.sql}\` matches ${input.matches}`,
});

const rest = form({
  schema: z.strictObject({
    rest: z
      .string()
      .regex(/^(\/|slurm\/|slurmdb\/)\S*$/, { error: "expected slurm/..., slurmdb/... or a path from / on" })
      .meta({
        description:
          'what is asked of slurmrestd: "slurm/ping", of the newest API that there is; or "/openapi/v3"',
      }),
    status: z.int().min(100).max(599).default(200).meta({ description: "of HTTP" }),
    matches: pattern.optional().meta({ description: "what the answer matches" }),
    user: z
      .string()
      .optional()
      .meta({ description: "whose token is sent; default: the cluster's ordinary user" }),
  }),
  condition: ({ rest: path, ...wish }, { cluster: { plan } }) =>
    restAnswers(plan, { ...wish, path, user: wish.user ?? plan.user }),
  sentence: ({ rest: path, status, matches }) =>
    `slurmrestd answers GET ${path} with ${status}${matches ? ` and what matches ${matches}` : ""}`,
  check: (_, plan) =>
    plan.nodes.some(({ roles }) => roles.includes("slurmrestd"))
      ? undefined
      : "the cluster has no slurmrestd: give a node the role slurmrestd",
});

const load = form({
  schema: z.strictObject({ load: loadReference, is: z.literal("OVER") }),
  condition: (input) => allEnded(input.load.title, input.load.jobs),
  sentence: (input) => asSentence(allEnded(input.load.title, input.load.jobs)),
});

/** Forms that are one look at Slurm or at a node, for `expect`: it has words of its own for a job's output. */
export const LOOKS = [
  job,
  node,
  accounting,
  daemon,
  log,
  partition,
  reservation,
  queue,
  file,
  sql,
  rest,
  load,
] as const;

/** Every form, in the order of the reference. */
export const FORMS = [...LOOKS, output] as const;

/** The input of any form. */
export type FormInput = z.output<(typeof FORMS)[number]["schema"]>;

/** The form that an input has. */
export function formOf(input: FormInput): Form {
  const found = FORMS.find(({ schema }) => (Object.keys(schema.shape)[0] ?? "") in input);
  // Each form takes its own input only, which its first key has just shown.
  return found as unknown as Form;
}

function asSentence({ title }: Pick<Condition<unknown>, "title">): string {
  return title.replace(" to be ", " is ").replace(" to match ", " matches ");
}
