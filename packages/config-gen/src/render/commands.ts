import { accountsOf, NORMAL, unixUsers } from "../spec/check-accounting.ts";
import type { ClusterPlan } from "../spec/planned.ts";
import type { Pair } from "./text.ts";

/**
 * What fills accounting: argument lists of sacctmgr, in an order that works: QOS before who uses them, accounts after
 * their parents, users last. They are for a cluster that has registered, and change nothing when there is nothing to say.
 */
export function accountingCommands(plan: ClusterPlan): string[][] {
  return [...qosCommands(plan), ...accountCommands(plan), ...userCommands(plan)];
}

function qosCommands(plan: ClusterPlan): string[][] {
  const made = plan.qos.flatMap((entry) => {
    const words = text([
      ["Priority", entry.priority],
      ["Flags", entry.flags?.join(",")],
      ...Object.entries(entry.limits ?? {}),
    ]);
    if (entry.name !== NORMAL) return [["-i", "add", "qos", entry.name, ...words]];
    return words.length > 0 ? [["-i", "modify", "qos", NORMAL, "set", ...words]] : [];
  });
  // Once all are there: two may well name each other.
  const preempting = plan.qos
    .filter((entry) => (entry.preempt ?? []).length > 0)
    .map((entry) => ["-i", "modify", "qos", entry.name, "set", `Preempt=${entry.preempt?.join(",")}`]);
  return [...made, ...preempting];
}

function accountCommands(plan: ClusterPlan): string[][] {
  return parentsFirst(plan.accounts).map((account) => [
    "-i",
    "add",
    "account",
    account.name,
    ...text([
      ["Parent", account.parent],
      ["Fairshare", account.fairshare],
      ...Object.entries(account.limits ?? {}),
    ]),
  ]);
}

type Account = ClusterPlan["accounts"][number];

function parentsFirst(accounts: readonly Account[]): Account[] {
  const byName = new Map(accounts.map((account) => [account.name, account]));
  const out = new Set<Account>();
  const visit = (account: Account): void => {
    const parent = byName.get(account.parent ?? "");
    // A plan has no loops among its accounts.
    if (parent && !out.has(parent)) visit(parent);
    out.add(account);
  };
  accounts.forEach(visit);
  return [...out];
}

function userCommands(plan: ClusterPlan): string[][] {
  return unixUsers(plan).flatMap((name) => {
    const accounts = accountsOf(plan, name);
    if (accounts.length === 0) return [];
    const said = plan.users.find((user) => user.name === name);
    const words = text([
      ["Account", accounts.join(",")],
      ["DefaultAccount", accounts[0]],
      ["AdminLevel", said?.admin],
      ["QosLevel", said?.qos?.join(",")],
      ["DefaultQOS", said?.qos?.[0]],
      ...Object.entries(said?.limits ?? {}),
    ]);
    return [["-i", "add", "user", name, ...words]];
  });
}

/** What makes the reservations: argument lists of scontrol, for a cluster whose nodes are up. */
export function reservationCommands(plan: ClusterPlan): string[][] {
  return plan.reservations.map((entry) => [
    "create",
    "reservation",
    ...text([
      ["ReservationName", entry.name],
      ["StartTime", entry.start],
      ["Duration", entry.duration],
      ["Nodes", entry.nodes],
      ["NodeCnt", entry.nodeCount],
      ["Users", entry.users?.join(",")],
      ["Accounts", entry.accounts?.join(",")],
      ["Flags", entry.flags?.join(",")],
      ...Object.entries(entry.slurm ?? {}),
    ]),
  ]);
}

/** Arguments go to the program as they are: nothing is quoted. */
function text(pairs: readonly Pair[]): string[] {
  return pairs.flatMap(([key, value]) => (value === undefined || value === null ? [] : [`${key}=${value}`]));
}
