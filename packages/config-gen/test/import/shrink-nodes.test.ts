import { describe, expect, test } from "vitest";
import { chooseNodes, nodeTypes } from "../../src/import/node-types.ts";
import { siteOf } from "../read/corpus.ts";
import { BASE, shrink } from "./shrunk.ts";

describe("nodes are chosen", () => {
  const choose = (text: string, count: number) => {
    const { chosen, leftOut } = chooseNodes(nodeTypes(siteOf(text)), count);
    return [[...chosen.values()].flat(), leftOut.flatMap(({ names }) => names)];
  };

  test("one of each type while there is room", () => {
    expect(choose("NodeName=a[1-9]\nNodeName=b[1-9] Weight=2\n", 2)).toEqual([["a1", "b1"], []]);
  });

  test("more of the type of which the smallest part is there", () => {
    expect(choose("NodeName=a[1-9]\nNodeName=b[1-2] Weight=2\n", 4)[0]).toEqual(["a1", "a5", "a9", "b1"]);
  });

  test("from both ends of a type, as those are on different switches", () => {
    expect(choose("NodeName=a[1-100]\n", 2)[0]).toEqual(["a1", "a100"]);
  });

  test("all when there are fewer", () => {
    expect(choose("NodeName=a[1-2]\n", 8)).toEqual([["a1", "a2"], []]);
  });

  test("so that partitions are there before features", () => {
    const text = "NodeName=a Feature=x,y,z\nNodeName=b\nPartitionName=p Nodes=b\nPartitionName=q Nodes=b\n";
    expect(choose(text, 1)).toEqual([["b"], ["a"]]);
  });

  test("so that GPUs are there before plain hardware", () => {
    expect(choose("NodeName=a CPUs=4\nNodeName=b Gres=gpu:1\n", 1)).toEqual([["b"], ["a"]]);
  });

  test("of a node that is defined twice, once", () => {
    expect(choose("NodeName=a\nNodeName=a CPUs=4\n", 4)[0]).toEqual(["a"]);
  });
});

describe("a node", () => {
  const node = (keys: string) => shrink(`${BASE}NodeName=n1 ${keys}\n`).spec.nodes.at(-1);

  test.each([
    ["CPUs=8 Sockets=2 CoresPerSocket=2 ThreadsPerCore=2", [8, 2, 2, 2]],
    ["Sockets=2 CoresPerSocket=4", [8, 2, 4, 1]],
    ["CPUs=8", [8, 8, 1, 1]],
    ["CPUs=8 CoresPerSocket=4", [8, 2, 4, 1]],
    ["Boards=2 SocketsPerBoard=2 CoresPerSocket=3", [12, 4, 3, 1]],
    ["CPUs=4 Sockets=2 CoresPerSocket=2 ThreadsPerCore=2", [4, 2, 2, 1]],
    ["CPUs=5 Sockets=2 CoresPerSocket=2", [4, 2, 2, 1]],
    ["Procs=6", [6, 6, 1, 1]],
    ["", [1, 1, 1, 1]],
    ["CPUs=9999", [4096, 1, 4096, 1]],
  ])("with %s has the shape that Slurm works out", (keys, [cpus, sockets, cores, threads]) => {
    expect(node(keys)).toMatchObject({ cpus, sockets, cores, threads });
  });

  test.each([
    ["gpu:4", { gpus: [{ type: "gpu", count: 4, typed: false }] }],
    [
      "gpu:a100:2,gpu:t4:1",
      {
        gpus: [
          { type: "a100", count: 2 },
          { type: "t4", count: 1 },
        ],
      },
    ],
    ["gpu:a:1,gpu:A:2", { gpus: [{ type: "a", count: 3 }] }],
    [
      "gpu:2,gpu:t4:1",
      {
        gpus: [
          { type: "gpu", count: 2 },
          { type: "t4", count: 1 },
        ],
      },
    ],
    ["gpu:2,shard:8", { gpus: [{ count: 2, shards: 8 }] }],
    ["gpu:2,mps:200", { gpus: [{ count: 2, mps: 200 }] }],
    [
      "bandwidth:lustre:no_consume:4G,bandwidth:gpfs:1",
      { gres: { bandwidth: "lustre:no_consume:4G,gpfs:1" } },
    ],
    ["craynetwork:4", { gres: { craynetwork: "4" } }],
    ["gpu:99", { gpus: [{ count: 64 }] }],
  ])("with Gres=%s has the same", (gres, wanted) => {
    expect(node(`Gres=${gres}`)).toMatchObject(wanted);
  });

  test.each([
    ["gpu:a:0", "gpu:a:0 of n1"],
    ["gpu:99", "35 of 99 GPUs of n1"],
    ["gpu:2,shard:3", "shards:3 of n1"],
    ["gpu:2,mps:2,shard:2", "shards:2 of n1"],
    ["gpu:a(b:1", "gpu:a(b:1 of n1"],
  ])("with Gres=%s says what it has not: %s", (gres, what) => {
    expect(shrink(`${BASE}NodeName=n1 Gres=${gres}\n`).told(what)).toHaveLength(1);
  });

  test("with an address of its own or a state says that it has not", () => {
    const { told } = shrink(`${BASE}NodeName=n1 NodeAddr=10.0.0.1 State=DOWN\n`);
    expect([told("NodeAddr of n1"), told("State of n1")]).toEqual([
      ["the lab has its own addresses"],
      ["every node is up"],
    ]);
  });

  test("called localhost is called otherwise, in its partitions too", () => {
    const { spec } = shrink(`${BASE}NodeName=localhost\nPartitionName=p Nodes=localhost\n`);
    expect([spec.nodes[0]?.name, spec.partitions?.[0]?.nodes]).toEqual(["node", "node"]);
  });

  test("with the name of a machine of the lab keeps it", () => {
    const { spec } = shrink(`${BASE}NodeName=login\n`);
    expect(spec.nodes.map(({ name, roles }) => [name, roles])).toEqual([
      ["lab-login", ["login"]],
      ["login", ["slurmd"]],
    ]);
  });

  test("is made up where the site has none", () => {
    expect(shrink(BASE).told("node c1")).toEqual(["the site has none of its own"]);
  });
});

describe("a partition", () => {
  const NODES = "NodeName=a[1-4] Feature=x\nNodeName=b[1-4] Feature=y\n";
  const parts = (lines: string, nodes = 2) => shrink(`${BASE}${NODES}${lines}`, nodes);

  test("names the nodes that are kept", () => {
    expect(parts("PartitionName=p Nodes=a[1-4],b[1-2]\n", 3).spec.partitions?.[0]?.nodes).toMatch(
      /^a\S*,b1$/,
    );
  });

  test("of all nodes stays one of all", () => {
    expect(parts("PartitionName=p Nodes=all\n").spec.partitions?.[0]?.nodes).toBe("ALL");
  });

  test.each([
    ["Nodes=a1", "a1"],
    ["Feature=x", undefined],
    ["Nodes=ALL", "ALL"],
  ])("names a node set of %s", (set, nodes) => {
    const { spec } = parts(`NodeSet=s ${set}\nPartitionName=p Nodes=s\n`);
    expect(spec.partitions?.[0]?.nodes).toBe("s");
    expect(spec.nodeSets?.[0]?.nodes).toBe(nodes);
  });

  test("names no node set of which nothing is kept", () => {
    const { spec, told } = parts(
      "NodeSet=s Nodes=b[3-4]\nNodeSet=t Nodes=a1\nPartitionName=p Nodes=s,t\n",
      1,
    );
    expect([spec.partitions?.[0]?.nodes, spec.nodeSets?.map(({ name }) => name)]).toEqual(["t", ["t"]]);
    expect(told("node set s")).toEqual(["none of its nodes is kept"]);
  });

  test("that is defined twice is there once", () => {
    const { spec, told } = parts("PartitionName=p Nodes=a1\nPartitionName=p Nodes=ALL\n");
    expect([spec.partitions?.length, told("partition p")]).toEqual([1, ["it is defined twice"]]);
  });

  test("is the default when it is the last to say so", () => {
    const { spec } = parts("PartitionName=p Nodes=ALL Default=YES\nPartitionName=q Nodes=ALL Default=YES\n");
    expect(spec.partitions?.map((part) => part.default)).toEqual([undefined, true]);
  });

  test.each([
    ["MinNodes=4", "MinNodes", "it has 2 nodes left, so that no job could run"],
    ["Alternate=gone", "Alternate", "partition gone is not kept"],
    ["AllowGroups=staff", "AllowGroups", "the lab has no Unix groups of the site"],
  ])("with %s says that it has not", (setting, key, why) => {
    const { spec, told } = parts(`PartitionName=p Nodes=ALL ${setting}\n`);
    expect(spec.partitions?.[0]?.slurm).toBeUndefined();
    expect(told(`${key} of partition p`)).toEqual([why]);
  });
});

describe("topology", () => {
  const TREE = "SwitchName=s1 Nodes=n[1-2]\nSwitchName=s2 Nodes=n[3-4]\nSwitchName=top Switches=s[1-2]\n";
  const topo = (conf: string, plugin: string, nodes: number) =>
    shrink(
      { "slurm.conf": `${BASE}TopologyPlugin=topology/${plugin}\nNodeName=n[1-4]\n`, "topology.conf": conf },
      nodes,
    );

  test("has no switch without a node, and none above it that names it", () => {
    expect(topo(TREE, "tree", 1).spec.topology).toEqual({
      tree: [
        { switch: "s1", nodes: "n1" },
        { switch: "top", switches: "s1" },
      ],
    });
  });

  test("is left out when a node is on no switch, and that is said", () => {
    const { spec, told } = topo("SwitchName=s1 Nodes=n1\n", "tree", 2);
    expect([spec.topology, told("topology")]).toEqual([undefined, [expect.stringContaining("n4 on none")]]);
  });

  test("has blocks as small as what is left of them", () => {
    const conf = "BlockName=b1 Nodes=n[1-2]\nBlockName=b2 Nodes=n[3-4]\nBlockSizes=2\n";
    expect(topo(conf, "block", 2).spec.topology?.block?.sizes).toEqual([1]);
  });

  test("is left out when no plugin asks for it, and that is said", () => {
    const { spec, told } = topo(TREE, "flat", 2);
    expect([spec.topology, told("topology.conf")]).toEqual([undefined, ["the lab has no part for it"]]);
  });
});
