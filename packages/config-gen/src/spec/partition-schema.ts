import { z } from "zod";
import { entityName, hostlist, moreKeys } from "./values.ts";

export const partition = z
  .strictObject({
    name: entityName
      .refine((name) => name.toUpperCase() !== "DEFAULT", {
        error: "DEFAULT is Slurm's template, not a partition",
      })
      .meta({ description: "PartitionName" }),
    nodes: hostlist.optional().meta({ description: "a hostlist, ALL, or node sets" }),
    default: z
      .boolean()
      .optional()
      .meta({ description: "takes jobs that name no partition; the first one when none says so" }),
    slurm: moreKeys
      .optional()
      .meta({ description: 'any other key of PartitionName, as it stands: { MaxTime: "1:00:00" }' }),
  })
  .meta({ description: "a partition" });

export const nodeSet = z
  .strictObject({
    name: entityName
      .refine((name) => !["DEFAULT", "ALL"].includes(name.toUpperCase()), {
        error: "DEFAULT and ALL have a meaning to Slurm already",
      })
      .meta({ description: "NodeSet: a name to use among a partition's nodes" }),
    nodes: hostlist.optional().meta({ description: "these nodes" }),
    feature: z
      .string()
      .regex(/^[A-Za-z0-9_.=-]+$/, { error: "expected the name of a feature" })
      .optional()
      .meta({ description: "every node with this feature" }),
  })
  .meta({ description: "a name for some nodes" });

/** What DownNodes may say. */
const DOWN_STATES = ["DOWN", "DRAIN", "FAIL", "FAILING", "FUTURE"] as const;

export const downNodes = z
  .strictObject({
    nodes: hostlist.meta({ description: "which nodes start in this state" }),
    state: z.enum(DOWN_STATES).optional().meta({ description: "DOWN unless said otherwise" }),
    reason: z
      .string()
      .regex(/^[^\r\n"]+$/, { error: "expected a reason on one line, without quotation marks" })
      .optional()
      .meta({ description: "Reason, as sinfo -R shows it" }),
  })
  .meta({ description: "nodes that are not up when the cluster starts" });

const treeSwitch = z
  .strictObject({
    switch: entityName.meta({ description: "SwitchName" }),
    nodes: hostlist.optional().meta({ description: "the nodes of a leaf switch" }),
    switches: hostlist.optional().meta({ description: "the switches below, as a hostlist" }),
    linkSpeed: z.int().min(1).optional().meta({ description: "LinkSpeed; only a note to Slurm" }),
  })
  .meta({ description: "one switch: over nodes, or over other switches" });

const block = z
  .strictObject({
    name: entityName.meta({ description: "BlockName" }),
    nodes: hostlist.meta({ description: "the nodes of the block" }),
  })
  .meta({ description: "nodes close to each other" });

export const topology = z
  .strictObject({
    tree: z.array(treeSwitch).min(1).optional().meta({ description: "topology/tree: switches" }),
    block: z
      .strictObject({
        sizes: z
          .array(z.int().min(1))
          .min(1)
          .meta({ description: "BlockSizes: nodes of a block, then of groups of blocks, doubling" }),
        blocks: z.array(block).min(1).meta({ description: "the blocks" }),
      })
      .optional()
      .meta({ description: "topology/block; Slurm 23.11+" }),
    flat: z.literal(true).optional().meta({ description: "said outright: no topology" }),
    yaml: z
      .boolean()
      .optional()
      .meta({ description: "topology.yaml instead of topology.conf; Slurm 25.05+" }),
  })
  .refine((value) => [value.tree, value.block, value.flat].filter(Boolean).length === 1, {
    error: "expected one of tree, block and flat",
  })
  .meta({ description: "how the nodes are connected: a tree of switches, or blocks" });
