import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Forwarded } from "../../cluster/forward.ts";
import { asUser } from "../../engine/as-user.ts";
import type { Engine, ExecOptions } from "../../engine/engine.ts";
import { LabError, messageOf } from "../../errors/lab-error.ts";
import type { FoundNode } from "./found.ts";

/** Public keys that ssh itself would offer, in its order. */
const USUAL = ["id_ed25519.pub", "id_ecdsa.pub", "id_rsa.pub"];

/** Outside of /home, which a snapshot takes along. Below /run nobody but root can write, as sshd's StrictModes wants it. */
const FOLDER = "/run/slurmlab-ssh";

/** As root, `$1` the user, `$2` the folder: this is all that root does where a user may have put links. */
const MAKE_FOLDER = `
set -eu
install -d -m 755 ${FOLDER}
install -d -m 700 -o "$1" -g "$(id -gn "$1")" "$2"`;

/** As the user, `$1` the folder; the key on standard input. What is there stays: other terminals may be using it. */
const FILL_FOLDER = `
set -eu
umask 077
cd "$1"
[ -e host ] || ssh-keygen -q -t ed25519 -N '' -f host
read -r key
touch authorized_keys
grep -qxF "$key" authorized_keys || echo "$key" >> authorized_keys`;

/** Somebody's public key: of the file that is named, or the first that ssh would take. */
export function readPublicKey(file: string | undefined, home = homedir()): string {
  const places = file === undefined ? USUAL.map((name) => join(home, ".ssh", name)) : [file];
  for (const place of places) {
    const text = read(place, file !== undefined);
    if (text === undefined) continue;
    const key = text.trim();
    if (/^(ssh|ecdsa|sk)-\S+ [A-Za-z0-9+/=]+( [^\n]*)?$/.test(key)) return key;
    throw new LabError({
      kind: "bad-input",
      message: `${place} is no public key`,
      expected: "one line that begins with ssh-ed25519 or the like",
      seen: text.includes("PRIVATE KEY") ? "a private key, which stays where it is" : "something else",
      hint: "the public half has .pub behind its name",
    });
  }
  throw new LabError({
    kind: "bad-input",
    message: "there is no SSH key to let in",
    expected: places.join(" or "),
    hint: "make one with ssh-keygen, or name one: --key FILE.pub",
  });
}

function read(place: string, must: boolean): string | undefined {
  try {
    return readFileSync(place, "utf8");
  } catch (error) {
    if (!must) return undefined;
    throw new LabError({
      kind: "bad-input",
      message: `the key ${place} cannot be read`,
      seen: messageOf(error),
    });
  }
}

/**
 * Lets a key in as a user, and resolves to the sshd that answers one connection by its input and output. It runs as that
 * user, listens nowhere, and ends with the connection: the node gets no daemon, no port and no privilege for it.
 */
export async function prepareSshd(
  engine: Engine,
  node: FoundNode,
  { user, publicKey }: { readonly user: string; readonly publicKey: string },
): Promise<Pick<Forwarded, "argv" | "as">> {
  const { container, name } = node;
  const run = (argv: readonly string[], options: ExecOptions = {}) => engine.exec(container, argv, options);
  if ((await run(["test", "-x", "/usr/sbin/sshd"])).code !== 0)
    throw new LabError({
      kind: "bad-input",
      message: `${name} has no sshd`,
      expected: "/usr/sbin/sshd, which the variant ssh brings",
      hint: "start the cluster with it: pnpm cluster up SPEC --variant ssh",
    });
  if ((await run(["id", "-u", user])).code !== 0)
    throw new LabError({
      kind: "bad-input",
      message: `${name} has no user "${user}"`,
      hint: `its users: pnpm cluster exec ${name} getent passwd`,
    });
  const folder = `${FOLDER}/${user}`;
  for (const made of [
    await run(["bash", "-c", MAKE_FOLDER, "make", user, folder]),
    await run(["bash", "-c", FILL_FOLDER, "fill", folder], { ...asUser(user), stdin: `${publicKey}\n` }),
  ]) {
    if (made.code === 0) continue;
    throw new LabError({
      kind: "broken",
      message: `sshd could not be prepared on ${name}`,
      expected: `a folder ${folder} with a host key and the key to let in`,
      seen: made.stderr.trim(),
      where: name,
    });
  }
  const options = [
    `AuthorizedKeysFile=${folder}/authorized_keys`,
    "PasswordAuthentication=no",
    "KbdInteractiveAuthentication=no",
    "UsePAM=no",
    "Subsystem=sftp internal-sftp",
  ];
  const argv = ["/usr/sbin/sshd", "-i", "-e", "-f", "/dev/null", "-h", `${folder}/host`];
  return { argv: [...argv, ...options.flatMap((option) => ["-o", option])], as: asUser(user) };
}
