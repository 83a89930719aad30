import type { ClusterPlan } from "@slurmlab/config-gen";
import { SLURMRESTD_PORT, versionedPath } from "../slurm/rest.ts";
import type { Condition } from "./condition.ts";
import { matching } from "./matching.ts";
import { met, pending } from "./probe.ts";

/**
 * A request by bash alone, as no image has a client for HTTP. The token is made here and in no program's arguments, which
 * every user of the node can read.
 */
const REQUEST = `user=$1 host=$2 port=$3 path=$4
token=$(scontrol token username="$user" lifespan=60) || { echo "$token"; exit 1; }
exec 3<> "/dev/tcp/$host/$port" || exit 1
printf 'GET %s HTTP/1.1\\r\\nHost: %s\\r\\nConnection: close\\r\\nX-SLURM-USER-NAME: %s\\r\\nX-SLURM-USER-TOKEN: %s\\r\\n\\r\\n' "$path" "$host" "$user" "\${token#SLURM_JWT=}" >&3
exec timeout 10 cat <&3`;

export interface RestWish {
  /** `slurm/ping`, to which the newest version of the API that this release has is added; or a path from `/` on. */
  readonly path: string;
  /** Of HTTP. */
  readonly status: number;
  /** What the answer's body matches. */
  readonly matches?: RegExp | undefined;
  /** Whose token is sent. */
  readonly user: string;
}

/** What slurmrestd answers to a GET with a user's token, asked from the login node. */
export function restAnswers(plan: ClusterPlan, { path, status, matches, user }: RestWish): Condition<string> {
  const host = plan.nodes.find(({ roles }) => roles.includes("slurmrestd"))?.name ?? "";
  const asked = versionedPath(path, plan.slurm);
  return {
    title: `slurmrestd's answer to GET ${asked} to be ${status}${matches ? ` and to match ${matches}` : ""}`,
    at: "login",
    argv: ["bash", "-c", REQUEST, "rest", user, host, String(SLURMRESTD_PORT), asked],
    judge({ code, output }) {
      const answer = /^HTTP\/1\.\d (\d{3})[^\r\n]*\r\n(?:[^\r\n]+\r\n)*\r\n([\s\S]*)$/.exec(output);
      if (!answer) return pending(output.trim().slice(-500) || `no answer, exit code ${code}`);
      const [, seen, body = ""] = answer;
      if (Number(seen) !== status) return pending(`${seen}: ${body.trim().slice(0, 500)}`);
      return !matches || matching(matches, body)
        ? met(body)
        : pending(body.trim().slice(0, 500) || "an empty body");
    },
  };
}
