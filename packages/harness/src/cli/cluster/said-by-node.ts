import { isIPv4 } from "node:net";
import { LabError } from "../../errors/lab-error.ts";

/** The token that `scontrol token` has printed; undefined when it made none. */
export function tokenSaid(stdout: string, node: string): string | undefined {
  const token = /^SLURM_JWT=(.*)$/m.exec(stdout)?.[1];
  // Three parts in base64url. It stands in a line that a shell is to read.
  if (token === undefined || /^[\w-]+\.[\w-]+\.[\w-]+$/.test(token)) return token;
  throw strange(node, "a token", token);
}

/** The address that `getent ahostsv4` has printed; empty when it knew none. */
export function addressSaid(stdout: string, node: string): string {
  const address = stdout.split(/\s/)[0] ?? "";
  if (address === "" || isIPv4(address)) return address;
  throw strange(node, "an address", address);
}

/** What programs of a node have printed is not to be believed: a scenario may have changed them, and these words go to a shell. */
function strange(node: string, expected: string, seen: string): LabError {
  return new LabError({
    kind: "broken",
    message: `${node} says something else than ${expected}`,
    expected,
    seen,
    where: node,
    hint: "its programs were changed; do not trust this cluster",
  });
}
