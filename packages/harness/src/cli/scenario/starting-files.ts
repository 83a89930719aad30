import { scenarioModule } from "../../scenario/eject.ts";

/** What `scenario new` writes: runs as it is, and says what to change. */
export const YAML_START = `# yaml-language-server: $schema=../docs/schema/scenario.json
#
# The claim that this scenario tries, as a sentence that can be false. \`pnpm scenario lint\` checks the file without
# starting anything; \`pnpm scenario docs\` lists the verbs, and \`pnpm scenario docs until\` has all of one.
title: A job over all nodes runs on each of them

# Words to choose scenarios by: pnpm scenario --all --tag example
tags: [example]

# What --set can change: pnpm scenario NAME --set nodes=3. Whole values in the cluster and the steps, and the numbers
# of a hostlist, can be $nodes.
parameters:
  nodes: { type: integer, default: 2, description: how many workers there are }

# Skipped, with the reason, where this is not to be had.
# requires: { slurm: ">= 22.05", cgroup: v2 }

# Nodes that every cluster needs (ctl, dbd, db, login) are added.
cluster:
  nodes:
    - { name: "c[1-$nodes]", roles: [slurmd], cpus: 2 }

# One verb a step; \`as:\` names its result, and $name uses it in a later step.
steps:
  - submit: { name: everywhere, run: srun hostname, nodes: $nodes }
    as: everywhere
  - until: { job: $everywhere, is: COMPLETED, within: 30s }
  - expect: { output: $everywhere, matches: ^c1$ }
  - until: { accounting: $everywhere, is: COMPLETED, exitCode: "0:0" }
`;

/** The same in TypeScript. */
export const TYPESCRIPT_START =
  scenarioModule(`  // The claim that this scenario tries, as a sentence that can be false.
  title: "A job over all nodes runs on each of them",
  // Words to choose scenarios by: pnpm scenario --all --tag example
  tags: ["example"],
  // Skipped, with the reason, where something is not to be had: requires: { slurm: ">= 22.05", cgroup: "v2" },
  // What --set can change: pnpm scenario NAME --set nodes=3
  parameters: {
    nodes: { type: "integer", default: 2, description: "how many workers there are" },
  },
  // Nodes that every cluster needs (ctl, dbd, db, login) are added.
  cluster: ({ nodes }) => ({
    nodes: [{ name: \`c[1-\${nodes}]\`, roles: ["slurmd"], cpus: 2 }],
  }),
  // Each verb is a method (\`pnpm scenario docs\`), each call a step of the report; every one has to be awaited.
  async run({ submit, until, output, expect, parameters }) {
    const { nodes } = parameters;
    const job = await submit({ name: "everywhere", run: "srun hostname", nodes });
    await until({ job, is: "COMPLETED", within: "30s" });
    const hosts = (await output({ of: job })).split("\\n");
    await expect({ that: "each node has run it once", actual: new Set(hosts).size, equals: nodes });
    await until({ accounting: job, is: "COMPLETED", exitCode: "0:0" });
  },`);
