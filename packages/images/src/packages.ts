/** One package that is installed in an image, as its package database says. */
export interface InstalledPackage {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  /** The source package it is built from, where that has another name. */
  readonly source: string;
}

/** Where dpkg keeps what is installed. */
export const DPKG_STATUS = "/var/lib/dpkg/status";

/** Reads dpkg's status file: paragraphs of `Key: value`, separated by empty lines. In the order of their names. */
export function parseDpkgStatus(text: string): InstalledPackage[] {
  return text
    .split(/\n\n+/)
    .map((paragraph) => {
      const field = (name: string) => new RegExp(`^${name}: (.*)$`, "m").exec(paragraph)?.[1] ?? "";
      const name = field("Package");
      return {
        name,
        version: field("Version"),
        architecture: field("Architecture"),
        source: field("Source").split(" ")[0] || name,
        installed: field("Status") === "install ok installed",
      };
    })
    .filter(({ installed, name }) => installed && name !== "")
    .map(({ installed: _, ...rest }) => rest)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** One difference between two lists of packages; undefined on the side that does not have it. */
export interface PackageChange {
  readonly name: string;
  readonly before?: string;
  readonly after?: string;
}

/** What differs, in the order of the names. */
export function comparePackages(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): PackageChange[] {
  return [...new Set([...before.keys(), ...after.keys()])]
    .sort()
    .map((name) => ({ name, before: before.get(name), after: after.get(name) }))
    .filter((change) => change.before !== change.after)
    .map(({ name, before, after }) => ({
      name,
      ...(before === undefined ? {} : { before }),
      ...(after === undefined ? {} : { after }),
    }));
}
