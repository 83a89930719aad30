import { describe, expect, test } from "vitest";
import { essenceOf } from "../../src/index.ts";
import { siteOf } from "./corpus.ts";

const essence = (texts: string | Record<string, string>) => essenceOf(siteOf(texts));
const BASE = "ClusterName=c\nNodeName=a[1-2] CPUs=2\nPartitionName=p Nodes=ALL\n";

describe("two configurations are the same", () => {
  test.each([
    ["whatever the case of keys", BASE.replace("ClusterName", "CLUSTERNAME").replace("CPUs", "cpus")],
    ["whatever the order of keys", "PartitionName=p Nodes=ALL\nNodeName=a[1-2] CPUs=2\nClusterName=c\n"],
    ["whatever comments they have", `# x\n${BASE.replaceAll("\n", " # y\n")}`],
    [
      "whatever lines nodes are gathered on",
      BASE.replace("NodeName=a[1-2]", "NodeName=a1 CPUs=2\nNodeName=a2"),
    ],
    [
      "whatever DEFAULT lines lend",
      BASE.replace("NodeName=a[1-2] CPUs=2", "NodeName=DEFAULT CPUs=2\nNodeName=a[1-2]"),
    ],
    ["whatever was said before the last word", `ClusterName=x\n${BASE}`],
    ["whatever passwords they have", `${BASE}AccountingStoragePass=x\n`],
  ])("%s", (_, text) => {
    expect(essence(text)).toEqual(essence(BASE));
  });

  test("whether a file is included or stands there", () => {
    expect(essence({ "slurm.conf": "Include a\n", a: BASE })).toEqual(essence(BASE));
  });

  test("whether a file that says nothing is there", () => {
    expect(essence({ "slurm.conf": BASE, "cgroup.conf": "# nothing\n" })).toEqual(essence(BASE));
  });

  test("whatever the case of a state, and by which name they say a feature", () => {
    const [one, other] = [" State=down Feature=x", " State=DOWN Features=x"];
    expect(essence(BASE.replace(" CPUs=2", one))).toEqual(essence(BASE.replace(" CPUs=2", other)));
  });
});

describe("two configurations are not the same", () => {
  test.each([
    ["with another value", BASE.replace("=c", "=d")],
    ["with another node", BASE.replace("1-2", "1-3")],
    ["with a key more", `${BASE}KillWait=5\n`],
    ["with another key of a node", BASE.replace("CPUs=2", "CPUs=2 Weight=1")],
    ["with another partition", `${BASE}PartitionName=q\n`],
    ["with controllers in another order", `SlurmctldHost=a\nSlurmctldHost=b\n${BASE}`],
  ])("%s", (_, text) => {
    expect(essence(text)).not.toEqual(essence(`SlurmctldHost=b\nSlurmctldHost=a\n${BASE}`));
    expect(essence(text)).not.toEqual(essence(BASE));
  });

  test("with a controller more", () => {
    expect(essence(`SlurmctldHost=a\nSlurmctldHost=b\n${BASE}`)).not.toEqual(
      essence(`SlurmctldHost=b\n${BASE}`),
    );
  });

  test("with another line in another file", () => {
    const gres = (text: string) => essence({ "slurm.conf": BASE, "gres.conf": text });
    expect(gres("Name=gpu Count=1\n")).not.toEqual(gres("Name=gpu Count=2\n"));
  });
});
