import { PassThrough, Writable } from "node:stream";
import { describe, expect, test } from "vitest";
import { filesFor } from "../src/cluster/files.ts";
import { Lens } from "../src/cluster/lens.ts";
import { mockGpuState } from "../src/cluster/mock-gpu-state.ts";
import { newClusterId } from "../src/cluster/names.ts";
import { createClusterNetwork } from "../src/cluster/network.ts";
import { filesAfter } from "../src/cluster/release.ts";
import { newSecrets } from "../src/cluster/secrets.ts";
import { FakeEngine } from "./support/fake-engine.ts";

describe("a lens", () => {
  const answering = (chunks: readonly string[]) => {
    const output = new PassThrough();
    const input = new Writable({
      write(_line, _encoding, taken) {
        for (const chunk of chunks) output.write(chunk);
        taken();
      },
    });
    return new Lens({ output, input, close: () => void output.end() });
  };

  test("puts an answer together that comes in pieces", async () => {
    await using lens = answering(["1", " 5", "\nab", "c", "de"]);
    expect(await lens.look()).toEqual({ code: 1, output: "abcde" });
  });
  test("reads an answer without output", async () => {
    await using lens = answering(["0 0\n"]);
    expect(await lens.look()).toEqual({ code: 0, output: "" });
  });
  test("counts bytes, not characters", async () => {
    await using lens = answering([`0 ${Buffer.byteLength("é\n✓")}\né\n✓`]);
    expect((await lens.look()).output).toBe("é\n✓");
  });
  test("says so when the node has gone", async () => {
    const output = new PassThrough();
    await using lens = new Lens({ output, input: endingOf(output), close: () => {} });
    await expect(lens.look()).rejects.toThrow("stopped answering");
  });
});

/** An input whose first line ends the output. */
function endingOf(output: PassThrough): Writable {
  return new Writable({ write: () => void output.end() });
}

describe("a cluster's network", () => {
  const nodes = (count: number) => Array.from({ length: count }, (_, i) => `n${i}`);
  test("gives every one of 1000 nodes an address of its own", async () => {
    const { addresses } = await createClusterNetwork(new FakeEngine(), {
      name: "x",
      labels: {},
      nodes: nodes(1000),
    });
    expect(new Set(Object.values(addresses)).size).toBe(1000);
    expect(Object.values(addresses).every((address) => /^10\.214\.\d{1,3}\.\d{1,3}$/.test(address))).toBe(
      true,
    );
  });
  test("finds the last subnet that is free, and says that none is when that is gone, too", async () => {
    const engine = new FakeEngine();
    const make = (name: string) => createClusterNetwork(engine, { name, labels: {}, nodes: nodes(2) });
    for (let i = 0; i < 256; i++) await make(`n${i}`);
    expect(new Set([...engine.networks.values()].map(({ subnet }) => subnet)).size).toBe(256);
    await expect(make("one-more")).rejects.toMatchObject({
      kind: "broken",
      expected: "a free /24 in 10.213.0.0/16",
      seen: expect.stringMatching(/overlap/i),
    });
  });
  test("that the engine refuses for another reason is given up at once, with its words", async () => {
    const engine = new FakeEngine();
    engine.failing.add("createNetwork x");
    await expect(
      createClusterNetwork(engine, { name: "x", labels: {}, nodes: nodes(2) }),
    ).rejects.toMatchObject({ seen: "the fake refuses: createNetwork x" });
    expect(engine.calls).toHaveLength(1);
  });
});

test("a file that is for some nodes only goes to no other, whatever its roles", () => {
  const file = { path: "/x", content: "", owner: "root:root", mode: 0o644, secret: false };
  const bundle = [
    { ...file, roles: ["slurmd"] as const, nodes: ["g1"] },
    { ...file, roles: "all" as const },
  ];
  const got = (name: string) => filesFor({ name, roles: ["slurmd"] }, bundle).length;
  expect([got("g1"), got("g2")]).toEqual([2, 1]);
});

test("the mock's GPUs are where the driver's files say they are, on a PCI bus of their own each", () => {
  const { content } = mockGpuState("g1", [{ type: "a100", minors: [0, 1] }]);
  expect(String(content).match(/^gpu\.\d\.pci=.*$/gm)).toEqual(["gpu.0.pci=0:10:0", "gpu.1.pci=0:11:0"]);
});

test("a mock GPU is its model: name, memory and compute capability", () => {
  const { content } = mockGpuState("g1", [
    { type: "h100", minors: [0] },
    { type: "h200", minors: [1] },
  ]);
  expect(String(content).match(/(?<=^gpu\.\d\.(name|mem_mb|compute_cap)=).*$/gm)).toEqual([
    ...["NVIDIA H100 80GB HBM3", "81559", "9.0"],
    ...["NVIDIA H200", "143771", "9.0"],
  ]);
});

test("the mock's GPUs of two nodes have no UUID in common", () => {
  const ids = (node: string) =>
    String(mockGpuState(node, [{ type: "a100", minors: [0, 1] }]).content).match(/GPU-[0-9a-f-]{36}/g);
  expect(new Set([...(ids("g1") ?? []), ...(ids("g2") ?? [])]).size).toBe(4);
});

test("a cluster's id is short, safe in names, and never the same twice", () => {
  const ids = Array.from({ length: 1000 }, () =>
    newClusterId("My Scenario: the very best one of them all, really"),
  );
  expect(new Set(ids).size).toBe(1000);
  expect(ids.every((id) => /^[a-z0-9][a-z0-9-]{0,39}$/.test(id))).toBe(true);
});

test("secrets are fresh for every cluster", () => {
  const [a, b] = [newSecrets(), newSecrets()];
  expect(Buffer.from(a.mungeKey).equals(Buffer.from(b.mungeKey))).toBe(false);
  expect(Buffer.from(a.jwtKey).equals(Buffer.from(b.jwtKey))).toBe(false);
  expect(a.databasePassword).not.toBe(b.databasePassword);
});

describe("the files of a release that a node is upgraded to", () => {
  const file = (content: string, more: object = {}) => ({
    path: "/etc/slurm/slurm.conf",
    content,
    owner: "root:root",
    mode: 0o644,
    secret: false,
    roles: "all" as const,
    ...more,
  });
  const before = [file("# for Slurm 24.11\nClusterName=lab\n")];
  const contents = (...files: ReturnType<typeof file>[]) =>
    filesAfter(before, files).map(({ content }) => content);

  test("are left as they are where only a comment differs: Slurm would see another slurm.conf", () => {
    expect(contents(file("# for Slurm 26.05\nClusterName=lab\n"))).toEqual([before[0]?.content]);
  });
  test("are the new ones where a setting differs", () => {
    const content = "# for Slurm 26.05\nClusterName=lab\nNamespaceType=namespace/tmpfs\n";
    expect(contents(file(content))).toEqual([content]);
  });
  test("are the new ones where the owner or the mode differs", () => {
    const content = "# for Slurm 26.05\nClusterName=lab\n";
    expect(contents(file(content, { mode: 0o600 }), file(content, { owner: "slurm:slurm" }))).toEqual([
      content,
      content,
    ]);
  });
});
