import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { accountingCommands, type ClusterSpecInput, reservationCommands } from "../src/index.ts";
import { planOf } from "./support/plan.ts";

const nodes: ClusterSpecInput["nodes"] = [{ name: "c1", roles: ["slurmd"] }];
const lines = (spec: Partial<ClusterSpecInput>) =>
  accountingCommands(planOf({ nodes, ...spec })).map((words) => words.join(" "));

test("a cluster that says nothing of accounting needs no commands", () => {
  const plan = planOf({ nodes });
  expect([accountingCommands(plan), reservationCommands(plan)]).toEqual([[], []]);
});

test("accounts come after their parents, however they were written", () => {
  const accounts = [{ name: "c", parent: "b" }, { name: "b", parent: "a" }, { name: "a" }];
  expect(lines({ accounts })).toEqual([
    "-i add account a",
    "-i add account b Parent=a",
    "-i add account c Parent=b",
  ]);
});

test("a QOS may preempt one that is written after it", () => {
  expect(
    lines({
      qos: [
        { name: "high", preempt: ["low", "normal"] },
        { name: "low", priority: 0 },
      ],
    }),
  ).toEqual(["-i add qos high", "-i add qos low Priority=0", "-i modify qos high set Preempt=low,normal"]);
});

test("the QOS that Slurm makes by itself is changed, not added", () => {
  expect(lines({ qos: [{ name: "normal", flags: ["DenyOnLimit"] }] })).toEqual([
    "-i modify qos normal set Flags=DenyOnLimit",
  ]);
  expect(lines({ qos: [{ name: "normal" }] })).toEqual([]);
});

describe("users", () => {
  const accounts = [
    { name: "main", users: ["ada"] },
    { name: "side", users: ["ada", "grace"] },
  ];
  const added = (users: NonNullable<ClusterSpecInput["users"]>) =>
    lines({ accounts, users, qos: [{ name: "high" }] }).filter((line) => line.includes("add user"));

  test("are in every account that names them, the first one by default", () => {
    expect(added([{ name: "grace" }])).toEqual([
      "-i add user ada Account=main,side DefaultAccount=main",
      "-i add user grace Account=side DefaultAccount=side",
    ]);
  });

  test("may say another default account, a level, QOS and limits", () => {
    const ada = {
      name: "ada",
      defaultAccount: "side",
      admin: "administrator" as const,
      qos: ["high"],
      limits: { MaxJobs: 3 },
    };
    expect(added([ada, { name: "grace" }])[0]).toBe(
      "-i add user ada Account=side,main DefaultAccount=side AdminLevel=administrator QosLevel=high DefaultQOS=high MaxJobs=3",
    );
  });

  test("without an account are none of sacctmgr's", () => {
    expect(added([{ name: "grace" }, { name: "edsger" }]).join("\n")).not.toContain("edsger");
  });
});

test("a value of several words is one argument", () => {
  const accounts = [{ name: "main", users: ["ada"], limits: { Description: "all of physics" } }];
  expect(accountingCommands(planOf({ nodes, accounts }))[0]).toContain("Description=all of physics");
});

test("a reservation says all that scontrol needs", () => {
  const reservations = [
    {
      name: "maint",
      nodeCount: 1,
      users: ["root", "ada"],
      start: "now+1hour",
      duration: "1-00:00:00",
      flags: ["MAINT", "IGNORE_JOBS"],
      slurm: { PartitionName: "main", Comment: null },
    },
  ];
  expect(reservationCommands(planOf({ nodes, reservations }))).toEqual([
    [
      "create",
      "reservation",
      "ReservationName=maint",
      "StartTime=now+1hour",
      "Duration=1-00:00:00",
      "NodeCnt=1",
      "Users=root,ada",
      "Flags=MAINT,IGNORE_JOBS",
      "PartitionName=main",
    ],
  ]);
});

test("whatever the tree of accounts, each is added once, after its parent", () => {
  const tree = fc
    .array(fc.option(fc.nat(19), { nil: undefined }), { minLength: 1, maxLength: 20 })
    .map((parents) =>
      // A parent with a smaller number cannot lead back.
      parents.map((parent, i) => ({
        name: `a${i}`,
        ...(parent === undefined || i === 0 ? {} : { parent: `a${parent % i}` }),
      })),
    )
    .chain((accounts) => fc.shuffledSubarray(accounts, { minLength: accounts.length }));
  fc.assert(
    fc.property(tree, (accounts) => {
      const order = accountingCommands(planOf({ nodes, accounts })).map((words) => words[3]);
      expect([...order].sort()).toEqual(accounts.map(({ name }) => name).sort());
      for (const { name, parent } of accounts)
        if (parent !== undefined) expect(order.indexOf(parent)).toBeLessThan(order.indexOf(name));
    }),
  );
});
