import type { z } from "zod";
import { Kinds } from "../kinds.ts";
import { type ClusterSpec, clusterSpecSchema } from "./schema.ts";
import { hostlist } from "./values.ts";

/**
 * What the schema makes of a specification. Of nodes that are the same but for their names, as an imported site has by
 * the thousand, only the first is put to it, and the names of all: the schema takes longer than all else here.
 */
export function parseSpec(input: unknown): z.ZodSafeParseResult<ClusterSpec> {
  const nodes = plainNodes(input);
  // What is wrong is to be said of each node that it is wrong with, hence the whole schema where anything is.
  return (nodes && parsedByKind(input as object, nodes)) ?? clusterSpecSchema.safeParse(input);
}

type PlainNode = Readonly<Record<string, unknown>> & { readonly name: string };
type NodeSpec = ClusterSpec["nodes"][number];

function parsedByKind(
  input: object,
  nodes: readonly PlainNode[],
): z.ZodSafeParseSuccess<ClusterSpec> | undefined {
  const kinds = new Kinds();
  const kindOf = nodes.map((node) => kinds.of(rowOf(node)));
  const first = new Map<object, PlainNode>();
  for (const [i, kind] of kindOf.entries()) if (!first.has(kind)) first.set(kind, nodes[i] as PlainNode);
  if (first.size === nodes.length || !nodes.every(({ name }) => hostlist.safeParse(name).success))
    return undefined;
  const parsed = clusterSpecSchema.safeParse({ ...input, nodes: [...first.values()] });
  if (!parsed.success) return undefined;
  const spec = new Map([...first.keys()].map((kind, i) => [kind, parsed.data.nodes[i] as NodeSpec]));
  const named = nodes.map(({ name }, i) => ({ ...(spec.get(kindOf[i] as object) as NodeSpec), name }));
  return { success: true, data: { ...parsed.data, nodes: named } };
}

/** All of a node but its name. */
function rowOf(node: PlainNode): unknown[] {
  const row: unknown[] = [];
  for (const key of Object.keys(node)) if (key !== "name") row.push(key, node[key]);
  return row;
}

/** The nodes of an input when each is an object with a name and nothing odd about it. */
function plainNodes(input: unknown): readonly PlainNode[] | undefined {
  const nodes = isPlain(input) ? input.nodes : undefined;
  if (!Array.isArray(nodes)) return undefined;
  for (const node of nodes) if (!isPlain(node) || typeof node.name !== "string") return undefined;
  return nodes;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
