/** Which cluster a command is for. */
export const CLUSTER = [
  "--cluster <id>",
  "as `pnpm cluster list` prints it; not needed when there is one",
] as const;
