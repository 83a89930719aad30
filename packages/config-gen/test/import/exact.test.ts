import { describe, expect, test } from "vitest";
import { formatNote, importSite, planCluster } from "../../src/index.ts";
import { siteOf } from "../read/corpus.ts";
import { read, renderedFiles, roundTrip } from "./round-trip.ts";

const BASE = "ClusterName=c\nSlurmctldHost=h\nNodeName=n[1-4] CPUs=2\n";

function imported(texts: string | Record<string, string>, slurm = "24.11") {
  const { spec, notes } = importSite(siteOf(texts, slurm));
  return { spec, main: spec.overrides?.["slurm.conf"] ?? {}, notes: notes.map(formatNote) };
}

describe("a line of a site is the same after a round trip", () => {
  test.each([
    ["a value with spaces", 'MailProg="/bin/mail  -s x"'],
    ["a value with a space and an equals sign", 'MailProg="/bin/mail to=x"'],
    ["an empty value", 'MailProg=""'],
    ["a value with a hash sign", "MailProg=/bin/a\\#b"],
    ["a value with backslashes", 'MailProg="a\\\\\\\\b \\\\\\\\"'],
    ["a value with quotes inside", 'MailProg=a"b"c'],
    ["a value that ends in a backslash and has a quote", 'MailProg="a"\\\\'],
    ["a number with zeros in front", "KillWait=007"],
    ["a number too long to count with", "KillWait=12345678901234567890"],
    ["a key that Slurm does not know", "NoSuchKey=1"],
    ["a key with an operator", "KillWait+=5"],
    [
      "front ends, with keys of their own",
      'FrontendName=DEFAULT Port=1\nFrontendName=f Reason="" State=DOWN',
    ],
    ["memory too large to count with", "NodeName=big RealMemory=12345678901234567890"],
    ["memory with a suffix", "NodeName=big RealMemory=4G"],
    ["sizes that do not multiply", "NodeName=b CPUs=5 Sockets=2 CoresPerSocket=2 ThreadsPerCore=2"],
    ["sizes of which one is missing", "NodeName=b CPUs=8 Sockets=2 CoresPerSocket=2"],
    ["boards", "NodeName=b Boards=2 SocketsPerBoard=2 CoresPerSocket=2 CPUs=8"],
    ["features that are more than words", 'NodeName=b Features="a(1),b"'],
    ["addresses", "NodeName=b[1-2] NodeAddr=10.0.0.[1-2] NodeHostname=h[1-2] Port=[1-2]"],
    ["a reason with a hash sign", 'NodeName=b State=DOWN Reason="bad \\# 3"'],
    ["a partition with spaces between its nodes", 'PartitionName=p Nodes="n1 n2"'],
    ["a partition of no nodes", "PartitionName=p State=DOWN"],
    ["nodes that are down", 'DownNodes=n1 State=drain Reason="x y"'],
    ["a node with the name of a machine of the lab", "NodeName=login,ctl,db,dbd"],
  ])("%s", (_, line) => {
    const means = roundTrip(siteOf(`${BASE}${line}\n`));
    expect(means?.after).toBeDefined();
    expect(means?.after).toEqual(means?.before);
  });

  test.each(["19.05", "24.11"])("several controllers, for Slurm %s", (slurm) => {
    expect(imported(`SlurmctldHost=g\nslurmctldhost=i\n${BASE}`, slurm).main.SlurmctldHost).toEqual([
      "g",
      "i",
      "h",
    ]);
  });

  test("a site that names neither itself nor a controller", () => {
    const means = roundTrip(siteOf("SlurmUser=s\nNodeName=n\n"));
    expect(means?.after).toEqual({ ...(means?.before as object) });
    expect(means?.after).toMatchObject({ "slurm.conf": { slurmuser: "s" } });
  });

  test("a topology that fits no field", () => {
    const texts = {
      "slurm.conf": `${BASE}TopologyPlugin=topology/tree\n`,
      "topology.conf": "SwitchName=s Nodes=x\n",
    };
    expect(imported(texts).spec).toMatchObject({ files: { "topology.conf": "SwitchName=s Nodes=x\n" } });
  });

  test("a topology that no plugin asks for", () => {
    const site = siteOf({ "slurm.conf": BASE, "topology.conf": "SwitchName=s Nodes=n[1-4]\n" });
    expect(roundTrip(site)?.after).toEqual(roundTrip(site)?.before);
  });

  test("a file that is made of several stands there in one", () => {
    const site = siteOf({
      "slurm.conf": BASE,
      "helpers.conf": "Include more.conf\nFeature=b Helper=/x\n",
      "more.conf": 'Feature=a Helper="/y z"\n',
    });
    const means = roundTrip(site);
    expect(means?.after).toEqual(means?.before);
    expect(importSite(site).spec.files?.["helpers.conf"]).toContain('Feature=a Helper="/y z"\n');
  });

  test("a file that no field has is kept to the letter", () => {
    const text = "# why\nFeature=a   Helper=/x\n";
    expect(imported({ "slurm.conf": BASE, "helpers.conf": text }).spec.files).toEqual({
      "helpers.conf": text,
    });
  });
});

describe("an import tells", () => {
  test("what of a line no field has", () => {
    expect(imported(`${BASE}DownNodes=n1 Weight=1\n`).notes).toEqual([
      "slurm.conf:4:14: left out Weight of DownNodes: no field of a specification has it",
    ]);
  });

  test("which keys the release does not know", () => {
    expect(imported(`${BASE}NoSuchKey=1\n`).notes).toEqual([
      "slurm.conf:4:1: kept NoSuchKey: Slurm 24.11 does not know it",
    ]);
  });

  test("nothing of a site that says nothing special", () => {
    expect(imported(BASE).notes).toEqual([]);
  });
});

test("an import has nothing that the site does not say", () => {
  const result = planCluster(imported(BASE).spec, { defaultSlurm: "24.11" });
  const lines = result.ok ? read(renderedFiles(result.plan), "24.11").confs.get("slurm.conf")?.lines : [];
  expect(lines?.map(({ key, value }) => `${key}=${value}`)).toEqual([
    "ClusterName=c",
    "SlurmctldHost=h",
    "NodeName=n[1-4]",
  ]);
});
