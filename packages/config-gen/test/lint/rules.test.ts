import { describe, expect, test } from "vitest";
import { knowledgeOf, lintSite } from "../../src/index.ts";
import { filesOf } from "../read/corpus.ts";

const HEAD = "ClusterName=c\nSlurmctldHost=ctl\n";
const NODES = "NodeName=n[1-4] CPUs=4\nPartitionName=p Nodes=n[1-4]\n";

/** Findings as `line:column code`, of slurm.conf as this text and of other files. */
function lint(text: string, { slurm = "24.11", ...files }: Record<string, string> = {}) {
  const knowledge = knowledgeOf(slurm);
  if (!knowledge) throw new Error(`nothing about ${slurm}`);
  return lintSite(filesOf({ "slurm.conf": text, ...files }), knowledge);
}

const codes = (...args: Parameters<typeof lint>) =>
  lint(...args).map(({ place, code }) => `${place?.line}:${place?.column} ${code}`);

const says = (...args: Parameters<typeof lint>) => lint(...args).map((problem) => problem.says);

describe("what Slurm takes is no finding", () => {
  test.each(["YES", "up", "TRUE", "1", "no", "Down", "false", "0", "any", "ALL"])(
    "EnforcePartLimits=%s",
    (word) => {
      expect(codes(`${HEAD}EnforcePartLimits=${word}\n${NODES}`)).toEqual([]);
    },
  );

  test("cred/slurm, which the library of auth/slurm brings along", () => {
    expect(codes(`${HEAD}AuthType=auth/slurm\nCredType=cred/slurm\n${NODES}`)).toEqual([]);
    expect(codes(`${HEAD}CredType=cred/slurm\n${NODES}`, { slurm: "22.05" })).toEqual([
      "3:10 unknown-plugin",
    ]);
  });

  test("24.11 without nodes and partitions is a warning at most", () => {
    expect(codes(HEAD)).toEqual(["1:1 no-nodes"]);
    expect(lint(HEAD).map(({ severity }) => severity)).toEqual(["warning"]);
  });

  test("options of SelectTypeParameters in any case", () => {
    const line = "SelectTypeParameters=cr_core_memory,CR_One_Task_Per_Core,CR_LLN,CR_PACK_NODES";
    expect(codes(`${HEAD}${line}\n${NODES}`)).toEqual([]);
  });
});

describe("what a daemon refuses is an error, in its words", () => {
  test.each([
    ["24.11", "Can't find plugin for select/cons_res"],
    ["26.05", "cannot create select context for select/cons_res"],
  ])("select/cons_res, in the words of %s", (slurm, words) => {
    const found = lint(`${HEAD}SelectType=select/cons_res\n${NODES}`, { slurm });
    expect(found.map(({ message, says }) => [message, says])).toEqual([
      ["select/cons_res was removed in Slurm 23.11", words],
    ]);
  });

  test("an option of SelectTypeParameters that there is not", () => {
    const text = `${HEAD}SelectTypeParameters=CR_LLN,CR_Core_Memry\n${NODES}`;
    expect(codes(text)).toEqual(["3:22 bad-word"]);
    expect(says(text)).toEqual(["Bad SelectTypeParameter: CR_Core_Memry"]);
    expect(lint(text)[0]?.hint).toBe("did you mean CR_Core_Memory?");
  });

  test("no partition before 24.11, and no node in 20.11", () => {
    expect(says(HEAD, { slurm: "20.11" }).sort()).toEqual([
      "No NodeName information available!",
      "No PartitionName information available!",
    ]);
    expect(says(`${HEAD}NodeName=n1\n`, { slurm: "22.05" })).toEqual([
      "No PartitionName information available!",
    ]);
  });

  test("FrontendName, once and not for each word behind it", () => {
    const text = `${HEAD}${NODES}FrontendName=f1 FrontendAddr=a Port=7001 State=UNKNOWN\n`;
    for (const slurm of ["20.11", "22.05", "24.11"])
      expect(says(text, { slurm })).toEqual([
        "Use of FrontendName in slurm.conf without Slurm being configured/built with the --enable-front-end option",
      ]);
    expect(says(text, { slurm: "26.05" })).toEqual(["Parsing error at unrecognized key: FrontendName"]);
  });

  test("FastSchedule=2, once and without advice for FastSchedule=1", () => {
    expect(codes(`${HEAD}FastSchedule=2\n${NODES}`)).toEqual(["3:14 changed-option"]);
    expect(codes(`${HEAD}FastSchedule=1\n${NODES}`)).toEqual(["3:1 ignored-key"]);
  });
});

describe("what Slurm takes and nobody means is a warning", () => {
  test("DownNodes of a node that there is not", () => {
    const text = `${HEAD}${NODES}DownNodes=n1,zz State=DOWN\n`;
    expect(codes(text)).toEqual(["5:11 unknown-node"]);
    expect(says(text)).toEqual(['DownNode "zz" does not exist!']);
  });

  test("Priority of a partition, which became two keys", () => {
    expect(codes(`${HEAD}NodeName=n1\nPartitionName=p Nodes=n1 Priority=5\n`)).toEqual([
      "4:26 deprecated-key",
    ]);
  });
});

describe("a count in gres.conf that is not that of slurm.conf is shown at the odd line", () => {
  const site = `${HEAD}GresTypes=gpu\nNodeName=n1 Gres=gpu:4\nPartitionName=p Nodes=n1\n`;

  test.each([
    ["too few", ["0-1", "2"], 2],
    ["too few, the odd one above", ["0", "1-2"], 1],
    ["too many", ["0-1", "2-4"], 2],
  ])("%s", (_, files, line) => {
    const gres = files.map((minors) => `NodeName=n1 Name=gpu File=/dev/nvidia[${minors}]\n`).join("");
    expect(codes(site, { "gres.conf": gres })).toEqual([`${line}:27 gres-count`]);
  });
});
