import { compressHostlist, expandHostlist } from "@slurmlab/config-gen";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { withNode, withoutNode } from "../src/slurm/conf-nodes.ts";

const CONF = `# NodeName=c1 is the first
ClusterName=lab
NodeName=c[1-2] CPUs=4 State=UNKNOWN
NodeName=g1 CPUs=8
NodeSet=all Nodes=c[1-2],g1
PartitionName=main Nodes=ALL Default=YES
PartitionName=cpu Nodes=c1,c2 MaxTime=60
PartitionName=gpu nodes=g1
`;

describe("a node that is added beside another one", () => {
  const added = withNode(CONF, "c9", "c2");

  test("is in every line that has the other one, and in no other", () => {
    expect(added).toBe(`# NodeName=c1 is the first
ClusterName=lab
NodeName=c[1-2,9] CPUs=4 State=UNKNOWN
NodeName=g1 CPUs=8
NodeSet=all Nodes=c[1-2],g1,c9
PartitionName=main Nodes=ALL Default=YES
PartitionName=cpu Nodes=c[1-2,9] MaxTime=60
PartitionName=gpu nodes=g1
`);
  });

  test("is there once, however often it is added", () => expect(withNode(added, "c9", "c2")).toBe(added));
  test("beside nobody changes nothing", () => expect(withNode(CONF, "c9", "x1")).toBe(CONF));
});

describe("a node that is taken out", () => {
  test("is in no line any more, and its own line goes when it was its alone", () => {
    expect(withoutNode(CONF, "g1")).toBe(`# NodeName=c1 is the first
ClusterName=lab
NodeName=c[1-2] CPUs=4 State=UNKNOWN
NodeSet=all Nodes=c[1-2]
PartitionName=main Nodes=ALL Default=YES
PartitionName=cpu Nodes=c1,c2 MaxTime=60
PartitionName=gpu nodes=
`);
  });

  test("after it was added is as if it had never been, but for how lists are written", () => {
    const name = fc.integer({ min: 1, max: 60 }).map((n) => `c${n}`);
    fc.assert(
      fc.property(fc.uniqueArray(name, { minLength: 2, maxLength: 12 }), ([added = "", ...names]) => {
        const conf = `NodeName=${compressHostlist(names)} CPUs=1\nPartitionName=p Nodes=${compressHostlist(names)}`;
        const back = withoutNode(withNode(conf, added, names[0] ?? ""), added);
        const lists = (text: string) =>
          [...text.matchAll(/Node(?:Name|s)=(\S+)/g)].map((m) => expandHostlist(m[1] ?? "").sort());
        expect(lists(back)).toEqual(lists(conf));
      }),
    );
  });
});
