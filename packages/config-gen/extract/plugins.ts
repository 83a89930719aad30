import type { Documented } from "./documented.ts";

/** Plugin types whose names have an underscore, which would otherwise be read as the end of the type. */
const LONG_TYPES = [
  "accounting_storage",
  "acct_gather_energy",
  "acct_gather_filesystem",
  "acct_gather_interconnect",
  "acct_gather_profile",
  "burst_buffer",
  "cli_filter",
  "core_spec",
  "data_parser",
  "ext_sensors",
  "http_auth",
  "http_parser",
  "job_container",
  "job_submit",
  "jobacct_gather",
  "node_features",
  "rest_auth",
  "site_factor",
  "url_parser",
];

type Names = Record<string, readonly string[]>;

/** `select_cons_tres` is `cons_tres` of the type `select`; with them those that are not packaged, and mere values. */
export function pluginsOf(
  packaged: readonly string[],
  { unpackaged, values }: Documented,
): { plugins: Names; unpackaged: Names } {
  const found = new Map<string, Set<string>>();
  const add = (type: string, name: string) => found.set(type, (found.get(type) ?? new Set()).add(name));
  for (const file of packaged) {
    const type = LONG_TYPES.find((long) => file.startsWith(`${long}_`)) ?? file.split("_")[0] ?? file;
    // spank_… are plugins of plugstack.conf, which names them by their path.
    if (type !== "spank") add(type, file.slice(type.length + 1));
  }
  for (const more of [unpackaged, values])
    for (const [type, names] of Object.entries(more)) for (const name of names) add(type, name);
  for (const [type, names] of Object.entries(unpackaged))
    for (const name of names)
      if (packaged.includes(`${type}_${name}`))
        throw new Error(`documented.ts says that ${type}/${name} is not packaged, but it is`);
  return {
    plugins: Object.fromEntries([...found].sort().map(([type, names]) => [type, [...names].sort()])),
    unpackaged,
  };
}
