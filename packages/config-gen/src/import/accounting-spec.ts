import { type Site, textOf } from "../read/site.ts";
import type { ClusterSpecInput } from "../spec/schema.ts";
import type { Note } from "./note.ts";

/**
 * Accounts and QOS that the site's files name. They live in its database, which no file has; without them partitions
 * would let nobody in, and slurmctld would not start on an unknown QOS.
 */
export function accountingFor(
  site: Site,
  notes: Note[],
): Pick<ClusterSpecInput, "accounts" | "qos" | "users"> {
  const named = (keys: readonly string[]) => {
    const values = site.partitions.flatMap((part) => keys.map((key) => part.settings.get(key)?.value ?? ""));
    const names = values.flatMap((value) => value.toLowerCase().split(",")).map((name) => name.trim());
    return [...new Set(names)].filter(
      (name) =>
        /^[a-z0-9][a-z0-9_.-]*$/.test(name) && !["all", "normal", "root", "none", "n/a"].includes(name),
    );
  };
  const enforced = /assoc|limits|qos|safe|wckeys|all/i.test(textOf(site, "AccountingStorageEnforce") ?? "");
  const accounts = named(["allowaccounts"]);
  const qos = named(["qos", "allowqos", "denyqos"]);
  if (enforced && accounts.length === 0) accounts.push("users");
  if (accounts.length === 0 && qos.length === 0) return {};
  const what = [
    accounts.length > 0 ? `accounts ${accounts.join(", ")}` : "",
    qos.length > 0 ? `QOS ${qos.join(", ")}` : "",
  ]
    .filter(Boolean)
    .join("; ");
  notes.push({
    kind: "added",
    what,
    why: "the site's database has them, its files only their names: set limits in the specification",
  });
  return {
    ...(accounts.length > 0 ? { accounts: accounts.map((name) => ({ name, users: ["ada"] })) } : {}),
    ...(qos.length > 0
      ? { qos: qos.map((name) => ({ name })), users: [{ name: "ada", qos: ["normal", ...qos] }] }
      : {}),
  };
}
