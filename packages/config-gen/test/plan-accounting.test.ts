import { describe, expect, test } from "vitest";
import { problemsOf } from "./support/plan.ts";

const found = (rest: object) =>
  problemsOf({ nodes: [{ name: "c[1-2]", roles: ["slurmd"] }], ...rest }).map(({ path, message, hint }) => [
    path,
    message,
    ...(hint ? [hint] : []),
  ]);

describe("accounts", () => {
  const main = { name: "main", users: ["ada"] };
  test.each([
    [
      "an unknown parent",
      [main, { name: "sub", parent: "mian" }],
      ["accounts[1].parent", 'no account is called "mian"', 'did you mean "main"?'],
    ],
    [
      "an unknown user",
      [{ name: "main", users: ["adda"] }],
      ["accounts[0].users[0]", 'no user is called "adda"', 'did you mean "ada"?'],
    ],
    ["one name twice", [main, main], ["accounts", 'two accounts are called "main"']],
    [
      "the name of Slurm's own",
      [{ name: "root" }],
      ["accounts[0].name", "the account root is there already"],
    ],
    [
      "parents that go round",
      [
        { name: "a", parent: "b" },
        { name: "b", parent: "a" },
      ],
      ["accounts", "account a is below itself by its parents"],
    ],
  ])("with %s are a problem", (_, accounts, problem) => {
    expect(found({ accounts })).toEqual([problem]);
  });

  test("below root are right", () => {
    expect(found({ accounts: [{ name: "main", parent: "root" }] })).toEqual([]);
  });

  test("in capitals would not be found again by Slurm", () => {
    expect(found({ accounts: [{ name: "Physics" }] })[0]?.[1]).toMatch(
      /^expected a name of lower-case letters/,
    );
  });
});

describe("users", () => {
  test.each(["root", "slurm", "munge", "mysql"])("cannot be called %s", (name) => {
    const message = `"${name}" is a user of the machines already: expected an ordinary one`;
    expect(found({ users: [{ name }] })).toEqual([["users[0].name", message]]);
    expect(found({ user: name })).toEqual([["user", message]]);
  });

  test("may have the name of the one that jobs run as", () => {
    expect(found({ user: "ada", users: [{ name: "ada" }] })).toEqual([]);
  });

  test.each([
    [
      "an unknown account",
      [{ name: "grace", defaultAccount: "mian" }],
      ["users[0].defaultAccount", 'no account is called "mian"', 'did you mean "main"?'],
    ],
    [
      "an unknown QOS",
      [{ name: "ada", qos: ["hihg"] }],
      ["users[0].qos[0]", 'no QOS is called "hihg"', 'did you mean "high"?'],
    ],
    ["one name twice", [{ name: "grace" }, { name: "grace" }], ["users", 'two users are called "grace"']],
    [
      "a level but no account",
      [{ name: "grace", admin: "operator" }],
      [
        "users[0]",
        "grace is in no account, so accounting cannot know of the user",
        "add the user to the users of main",
      ],
    ],
  ])("with %s are a problem", (_, users, problem) => {
    const accounts = [{ name: "main", users: ["ada"] }];
    expect(found({ users, accounts, qos: [{ name: "high" }] })).toEqual([problem]);
  });
});

describe("limits", () => {
  const qos = [{ name: "small", limits: { MaxJobs: 1 } }];

  test("that would refuse the jobs of the lab's own user are a problem", () => {
    expect(found({ qos })).toEqual([
      [
        "accounts",
        "limits are enforced, and ada, whom jobs run as, is in no account",
        "write accounts: [{ name: ..., users: [...] }]",
      ],
    ]);
  });

  test("are none once the user has an account, or what is enforced is said", () => {
    expect(found({ qos, accounts: [{ name: "main", users: ["ada"] }] })).toEqual([]);
    expect(found({ qos, overrides: { "slurm.conf": { accountingstorageenforce: null } } })).toEqual([]);
    expect(found({ qos, defaults: "slurm" })).toEqual([]);
  });
});

test("a QOS that preempts an unknown one is a problem, and normal is known", () => {
  expect(found({ qos: [{ name: "high", preempt: ["normal", "lwo"] }, { name: "low" }] })).toEqual([
    ["qos[0].preempt[1]", 'no QOS is called "lwo"', 'did you mean "low"?'],
  ]);
});

describe("a reservation", () => {
  const lecture = { name: "lecture", nodes: "c1", users: ["ada"], duration: 60 };

  test("of known nodes for known users is right", () => {
    expect(
      found({ reservations: [lecture, { ...lecture, name: "all", nodes: "ALL", users: ["root"] }] }),
    ).toEqual([]);
  });

  test.each([
    [
      { nodes: "c3" },
      "reservations[0].nodes",
      "reservation lecture names c3, which is no node with the role slurmd",
    ],
    [{ users: ["bob"] }, "reservations[0].users[0]", 'no user is called "bob"'],
    [{ accounts: ["x"] }, "reservations[0].accounts[0]", 'no account is called "x"'],
    [{ nodes: undefined }, "reservations[0]", "is of nothing"],
    [{ users: undefined }, "reservations[0]", "is for nobody"],
    [{ nodeCount: 3 }, "reservations[0].nodeCount", "expected at most 2 nodes, seen 3"],
  ])("with %j instead is a problem", (change, path, message) => {
    expect(
      found({ reservations: [{ ...lecture, ...change }] }).map((problem) => problem.slice(0, 2)),
    ).toEqual([[path, message]]);
  });

  test("may say by scontrol's own keys what it is of and for", () => {
    const slurm = { PartitionName: "main", Groups: "users" };
    expect(found({ reservations: [{ name: "r", duration: "1-0", slurm }] })).toEqual([]);
  });

  test("twice of one name is a problem", () => {
    expect(found({ reservations: [lecture, lecture] })).toEqual([
      ["reservations", 'two reservations are called "lecture"'],
    ]);
  });
});
