/** Which cluster a command is for. */
export const CLUSTER = [
  "--cluster <id>",
  "an id or a name, as `pnpm cluster list` prints it; not needed when there is one",
] as const;

/** The same, where it is the command's argument. */
export const ID = CLUSTER[1];
