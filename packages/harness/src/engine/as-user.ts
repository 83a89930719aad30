import type { ExecOptions } from "./engine.ts";

/**
 * What a program has to be told to run as a user of the node (root when none is named): `docker exec --user` changes the user
 * number only, and programs expect the rest of a login as well.
 */
export function asUser(user: string | undefined): Pick<ExecOptions, "user" | "workdir" | "env"> {
  if (user === undefined || user === "root") return {};
  const home = `/home/${user}`;
  return { user, workdir: home, env: { HOME: home, USER: user, LOGNAME: user } };
}
