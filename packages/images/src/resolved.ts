/** What a mirror has for a build: the output of `context/build/resolve`. */
export interface Resolved {
  /** When the mirror's index was made, in its own words; empty when it does not say. */
  readonly mirrorDate: string;
  /** Versions of everything that is installed on top of the base, by package. */
  readonly packages: ReadonlyMap<string, string>;
}

export function parseResolved(text: string): Resolved {
  const packages = new Map<string, string>();
  let mirrorDate = "";
  for (const line of text.split("\n")) {
    const [kind, name = "", version = ""] = line.split(" ");
    if (kind === "mirror") mirrorDate = line.slice("mirror ".length);
    if (kind === "package") packages.set(name, version);
  }
  return { mirrorDate, packages };
}

/** `24.11.5` from what its package is called, `1:24.11.5-4+deb13u1`; undefined when there is none. */
export function slurmVersion(resolved: Resolved): string | undefined {
  const packaged = resolved.packages.get("slurm-client") ?? "";
  return /^(?:\d+:)?(\d\d\.\d\d\.\d+)/.exec(packaged)?.[1];
}
