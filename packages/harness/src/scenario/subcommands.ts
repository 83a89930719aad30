/** The words that `pnpm scenario` takes for itself; no scenario can be called so. */
export const SUBCOMMANDS = ["list", "lint", "new", "docs", "eject"] as const;

export function isSubcommand(name: string): boolean {
  return (SUBCOMMANDS as readonly string[]).includes(name);
}
