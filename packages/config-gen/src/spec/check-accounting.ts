import { overrideOf } from "./overrides.ts";
import { expandWorkers } from "./plan-partitions.ts";
import { numbered, type Problems } from "./problems.ts";
import type { ClusterSpec } from "./schema.ts";

/** Users that the images have already, and that Slurm's daemons or the database run as. */
const RESERVED = ["root", "slurm", "munge", "mysql"];

/** The account at the top, which Slurm makes by itself. */
const ROOT = "root";
/** The QOS that Slurm makes by itself. */
export const NORMAL = "normal";

type People = Pick<ClusterSpec, "user" | "users">;
type Accounting = Pick<ClusterSpec, "defaults" | "accounts" | "users" | "qos">;

/** Every ordinary user of the cluster, to be made on the nodes; the one that jobs run as comes first. */
export function unixUsers(spec: People): string[] {
  return [...new Set([spec.user, ...spec.users.map((user) => user.name)])];
}

/**
 * Whether slurmctld has to hold jobs to limits and associations: someone's limits or QOS would be without effect
 * otherwise. Never of itself where nothing is written that the specification does not say.
 */
export function enforcesLimits(spec: Accounting): boolean {
  if (spec.defaults === "slurm") return false;
  const limited = [...spec.accounts, ...spec.users, ...spec.qos];
  return (
    limited.some((entry) => Object.keys(entry.limits ?? {}).length > 0) ||
    spec.users.some((user) => user.qos !== undefined)
  );
}

/** The accounts of a user, the default one first; none for a user that accounting need not know. */
export function accountsOf(spec: Pick<ClusterSpec, "accounts" | "users">, name: string): string[] {
  const said = spec.users.find((user) => user.name === name)?.defaultAccount;
  const naming = spec.accounts.filter((account) => account.users?.includes(name));
  return [...new Set([...(said ? [said] : []), ...naming.map((account) => account.name)])];
}

/** Names in accounts, users, QOS and reservations must be of things that there are. */
export function checkAccounting(spec: ClusterSpec, workers: ReadonlySet<string>, problems: Problems): void {
  checkUsers(spec, problems);
  checkAccounts(spec, problems);
  const known = [NORMAL, ...spec.qos.map((entry) => entry.name)];
  problems.duplicates("qos", "QOS", known.slice(1));
  for (const [entry, path] of numbered(spec.qos, "qos")) {
    for (const [other, place] of numbered(entry.preempt ?? [], `${path}.preempt`))
      if (!known.includes(other)) problems.unknown(place, `no QOS is called "${other}"`, other, known);
  }
  for (const [user, path] of numbered(spec.users, "users")) {
    for (const [name, place] of numbered(user.qos ?? [], `${path}.qos`))
      if (!known.includes(name)) problems.unknown(place, `no QOS is called "${name}"`, name, known);
  }
  checkReservations(spec, workers, problems);
}

function checkUsers(spec: ClusterSpec, problems: Problems): void {
  const reserved = (name: string, path: string) => {
    if (RESERVED.includes(name))
      problems.add(path, `"${name}" is a user of the machines already: expected an ordinary one`);
  };
  reserved(spec.user, "user");
  problems.duplicates(
    "users",
    "users",
    spec.users.map((user) => user.name),
  );
  const accounts = [ROOT, ...spec.accounts.map((account) => account.name)];
  for (const [user, path] of numbered(spec.users, "users")) {
    reserved(user.name, `${path}.name`);
    const { defaultAccount } = user;
    if (defaultAccount !== undefined && !accounts.includes(defaultAccount)) {
      const message = `no account is called "${defaultAccount}"`;
      problems.unknown(`${path}.defaultAccount`, message, defaultAccount, accounts);
    }
    const known = user.admin ?? user.qos ?? user.limits;
    if (known !== undefined && accountsOf(spec, user.name).length === 0)
      problems.add(
        path,
        `${user.name} is in no account, so accounting cannot know of the user`,
        hintFor(spec),
      );
  }
  // Jobs of a user without an account are then refused, the lab's own among them.
  const enforced =
    enforcesLimits(spec) && overrideOf(spec, "slurm.conf", "AccountingStorageEnforce") === undefined;
  if (enforced && accountsOf(spec, spec.user).length === 0) {
    const message = `limits are enforced, and ${spec.user}, whom jobs run as, is in no account`;
    problems.add("accounts", message, hintFor(spec));
  }
}

function hintFor(spec: ClusterSpec): string {
  const [first] = spec.accounts;
  return first
    ? `add the user to the users of ${first.name}`
    : "write accounts: [{ name: ..., users: [...] }]";
}

function checkAccounts(spec: ClusterSpec, problems: Problems): void {
  const names = spec.accounts.map((account) => account.name);
  problems.duplicates("accounts", "accounts", names);
  const users = unixUsers(spec);
  const parents = new Map(spec.accounts.map((account) => [account.name, account.parent]));
  for (const [account, path] of numbered(spec.accounts, "accounts")) {
    if (account.name === ROOT) problems.add(`${path}.name`, "the account root is there already");
    const { parent } = account;
    if (parent !== undefined && parent !== ROOT && !names.includes(parent))
      problems.unknown(`${path}.parent`, `no account is called "${parent}"`, parent, [ROOT, ...names]);
    for (const [name, place] of numbered(account.users ?? [], `${path}.users`))
      if (!users.includes(name)) problems.unknown(place, `no user is called "${name}"`, name, users);
  }
  const looping = names.find((name) => isBelowItself(name, parents));
  if (looping !== undefined) problems.add("accounts", `account ${looping} is below itself by its parents`);
}

function isBelowItself(name: string, parents: ReadonlyMap<string, string | undefined>): boolean {
  const seen = new Set<string>();
  for (let at = parents.get(name); at !== undefined && !seen.has(at); at = parents.get(at)) {
    if (at === name) return true;
    seen.add(at);
  }
  return false;
}

function checkReservations(spec: ClusterSpec, workers: ReadonlySet<string>, problems: Problems): void {
  problems.duplicates(
    "reservations",
    "reservations",
    spec.reservations.map((entry) => entry.name),
  );
  const users = [ROOT, ...unixUsers(spec)];
  const accounts = [ROOT, ...spec.accounts.map((account) => account.name)];
  for (const [entry, path] of numbered(spec.reservations, "reservations")) {
    const more = Object.keys(entry.slurm ?? {}).map((key) => key.toLowerCase());
    const says = (...keys: string[]) => keys.some((key) => more.includes(key));
    if (entry.users === undefined && entry.accounts === undefined && !says("users", "accounts", "groups"))
      problems.add(path, "is for nobody", "expected users or accounts");
    if (
      entry.nodes === undefined &&
      entry.nodeCount === undefined &&
      !says("nodes", "nodecnt", "nodecount", "corecnt", "licenses", "tres", "partitionname", "partition")
    )
      problems.add(path, "is of nothing", "expected nodes or nodeCount");
    const what = `reservation ${entry.name}`;
    if (entry.nodes !== undefined)
      expandWorkers(entry.nodes, { path: `${path}.nodes`, what }, workers, problems);
    if ((entry.nodeCount ?? 0) > workers.size)
      problems.add(`${path}.nodeCount`, `expected at most ${workers.size} nodes, seen ${entry.nodeCount}`);
    for (const [name, place] of numbered(entry.users ?? [], `${path}.users`))
      if (!users.includes(name)) problems.unknown(place, `no user is called "${name}"`, name, users);
    for (const [name, place] of numbered(entry.accounts ?? [], `${path}.accounts`))
      if (!accounts.includes(name)) problems.unknown(place, `no account is called "${name}"`, name, accounts);
  }
}
