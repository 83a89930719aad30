import fc from "fast-check";
import { type ClusterSpecInput, expandHostlist, since } from "../../src/index.ts";

type NodeInput = ClusterSpecInput["nodes"][number];

const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const some = <T>(values: readonly T[], most = values.length) =>
  fc.subarray([...values], { minLength: 1, maxLength: Math.min(most, values.length) });

/** Text as people write it into a value: spaces, comment signs and backslashes among it. */
const value = fc.oneof(
  fc.string({
    unit: fc.constantFrom("a", "B", "7", ",", ":", "=", "#", "\\", " ", "\t", "/", "é"),
    maxLength: 12,
  }),
  fc.constantFrom("YES", '"a b"', "1-00:00:00", "%h.log"),
);
const keys = (names: readonly string[]) =>
  fc.dictionary(fc.constantFrom(...names), fc.oneof(value, fc.nat(1000), fc.constant(null)), { maxKeys: 3 });

const size = fc.integer({ min: 1, max: 8 });
const sizes: fc.Arbitrary<Partial<NodeInput>> = fc.oneof(
  fc.constant({}),
  size.map((cpus) => ({ cpus })),
  fc.record({ sockets: size, cores: size, threads: fc.constantFrom(1, 2) }),
  fc.tuple(size, size).map(([sockets, cores]) => ({ cpus: sockets * cores, sockets })),
);

function gpus(slurm: string) {
  const shared = since(slurm, "22.05") ? ["mps", "shards", undefined] : ["mps", undefined];
  const each = fc.record({ count: fc.integer({ min: 1, max: 8 }), share: fc.boolean(), cores: fc.boolean() });
  return fc
    .tuple(fc.constantFrom(...shared), fc.boolean(), fc.array(each, { minLength: 1, maxLength: 3 }))
    .map(([by, typed, list]) =>
      list.map(({ count, share, cores }, i) => ({
        type: ["a100", "1g.5gb", "T4"][i] ?? "x",
        count,
        ...(typed ? {} : { typed }),
        ...(by && share ? { [by]: count * 4 } : {}),
        ...(cores ? { cores: "0-1" } : {}),
      })),
    );
}

function nodes(slurm: string): fc.Arbitrary<NodeInput[]> {
  const group = fc.record(
    {
      sizes,
      more: fc.record(
        {
          memory: fc.constantFrom("1G", 300, "2T"),
          features: some(["ib", "avx512", "k=v"]),
          gpus: gpus(slurm),
          gres: fc.constantFrom({ craynetwork: 4 }, { bandwidth: "lustre:no_consume:4G" }),
          state: fc.constantFrom("cloud", "FUTURE", "down", "unknown"),
          slurm: keys(["Weight", "Comment", "reason", "Port", "RealMemory"]),
        },
        { requiredKeys: [] },
      ),
    },
    { requiredKeys: ["sizes", "more"] },
  );
  const shape = fc.constantFrom("c[1-2]", "n[08-10]", "R[1-2].n[1-2]", "x-y_z");
  return fc.array(fc.tuple(shape, group), { minLength: 1, maxLength: 3 }).map((groups) =>
    groups.map(([name, { sizes: four, more }], i) => ({
      // The number keeps the groups apart.
      name: `g${i}${name}`,
      roles: ["slurmd" as const],
      ...four,
      ...more,
    })),
  );
}

/** What names workers, of those that there are. */
function naming(groups: readonly NodeInput[], slurm: string): fc.Arbitrary<Partial<ClusterSpecInput>> {
  const names = groups.map((group) => group.name);
  const lists = some(names).map((all) => all.join(","));
  const hosts = names.flatMap((name) => expandHostlist(name));
  const tree = [
    ...names.map((nodes, i) => ({ switch: `s${i}`, nodes })),
    { switch: "top", switches: `s[0-${names.length - 1}]` },
  ];
  const blocks = hosts.map((nodes, i) => ({ name: `b${i}`, nodes }));
  const topologies: NonNullable<ClusterSpecInput["topology"]>[] = [{ tree }, { flat: true }];
  if (since(slurm, "23.11")) topologies.push({ block: { sizes: [1, 2, 4], blocks } });
  if (since(slurm, "25.05"))
    topologies.push({ tree, yaml: true }, { block: { sizes: [1], blocks }, yaml: true });
  const partition = fc.record(
    {
      nodes: fc.oneof(lists, fc.constantFrom("ALL", "all", "set")),
      slurm: keys(["MaxTime", "State", "QOS"]),
    },
    { requiredKeys: ["nodes"] },
  );
  return fc
    .record(
      {
        nodeSets: lists.map((nodes) => [{ name: "set", nodes }]),
        partitions: fc
          .array(partition, { minLength: 1, maxLength: 3 })
          .map((all) => all.map((one, i) => ({ ...one, name: `p-${i}` }))),
        downNodes: fc.record({ nodes: lists, reason: fc.constant("bad # fan") }).map((down) => [down]),
        topology: fc.constantFrom(...topologies),
        reservations: fc
          .record({ nodes: fc.oneof(lists, fc.constant("ALL")), duration: fc.constantFrom(5, "1-0") })
          .map((one) => [{ name: "r", users: ["root"], ...one }]),
        powerSave: fc.record({ suspendTime: fc.nat(100), excludeNodes: lists }),
      },
      { requiredKeys: ["nodeSets"] },
    )
    .map((all) => ({
      ...all,
      ...(all.powerSave ? { scripts: { suspend: "exit 0", resume: "#!/bin/bash\nexit 0" } } : {}),
    }));
}

const people: fc.Arbitrary<Partial<ClusterSpecInput>> = fc.record({
  accounts: fc.constantFrom(
    [{ name: "main", users: ["ada"] }],
    [
      { name: "b", parent: "a", fairshare: 3, users: ["ada", "grace"] },
      { name: "a", limits: { MaxJobs: 3 } },
    ],
  ),
  users: fc.constantFrom([{ name: "grace" }], [{ name: "ada", qos: ["high"] }, { name: "grace" }]),
  qos: fc.constantFrom(
    [{ name: "high" }],
    [{ name: "low" }, { name: "high", priority: 5, preempt: ["low", "normal"], limits: { MaxJobs: 1 } }],
  ),
});

const priority = fc.record(
  {
    type: fc.constantFrom("basic" as const, "multifactor" as const),
    weights: fc.record({ age: fc.nat(9), tres: fc.constant("CPU=1") }, { requiredKeys: [] }),
    decayHalfLife: fc.constantFrom(5, "7-0"),
    favorSmall: fc.boolean(),
  },
  { requiredKeys: [] },
);

/** A specification that is right for this release, of everything that one can say. */
export function randomSpec(slurm: string): fc.Arbitrary<ClusterSpecInput> {
  const auth = since(slurm, "23.11") ? (["munge", "slurm"] as const) : (["munge"] as const);
  const cgroup = since(slurm, "22.05")
    ? (["auto", "v1", "v2", "none"] as const)
    : (["auto", "v1", "none"] as const);
  const rest = fc.record(
    {
      name: fc.constantFrom("lab", "A.b_c-9"),
      defaults: fc.constantFrom("lab" as const, "slurm" as const),
      auth: fc.constantFrom(...auth),
      cgroup: fc.constantFrom(...cgroup),
      configless: fc.boolean(),
      // The others want names of GPUs that the driver knows.
      gpuDetection: fc.constantFrom("file" as const, "fake" as const),
      licenses: fc.constantFrom({ matlab: 10 }, { a: 0, "b@c": 2 }),
      priority,
      files: fc.constantFrom({ "plugstack.conf": "" }, { "job_container.conf": "x" }),
      gres: fc.constant<ClusterSpecInput["gres"]>([
        { Name: "gpu", File: "/dev/nvidia0" },
        { AutoDetect: "off" },
      ]),
      overrides: fc.record(
        {
          "slurm.conf": keys(["SlurmdTimeout", "MailDomain", "statesavelocation"]),
          "cgroup.conf": keys(["ConstrainCores"]),
        },
        { requiredKeys: [] },
      ),
    },
    { requiredKeys: [] },
  );
  const controllers = optional(fc.constantFrom("head", "ctl[1-3]"));
  return nodes(slurm).chain((groups) =>
    fc.tuple(rest, naming(groups, slurm), optional(people), controllers, fc.boolean()).map(
      ([more, named, who, heads, restd]): ClusterSpecInput => ({
        slurm,
        ...more,
        ...named,
        ...who,
        nodes: [
          ...(heads ? [{ name: heads, roles: ["slurmctld" as const] }] : []),
          ...groups,
          ...(restd ? [{ name: "rest", roles: ["slurmrestd" as const] }] : []),
        ],
      }),
    ),
  );
}
