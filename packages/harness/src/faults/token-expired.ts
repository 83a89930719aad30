import { z } from "zod";
import { nodeOf } from "../cluster/cluster.ts";
import { met, pending, waitFor } from "../conditions/probe.ts";
import { defineFault } from "./fault.ts";

/** In the user's home, on the login node. */
const FILE = "token";

/** As a client whose token nobody has renewed. Slurm's tokens live half an hour unless they are asked for longer. */
export const tokenExpired = defineFault({
  name: "token-expired",
  summary:
    "Puts a token that has expired into the file `token` of a user's home on the login node; healed, there is a fresh one. `SLURM_JWT=$(cat token)` lets Slurm's commands use it.",
  schema: z.strictObject({
    fault: z.literal("token-expired"),
    user: z.string().optional().meta({ description: "whose; default: the cluster's ordinary user" }),
  }),
  sentence: ({ user }) => `the token of ${user ?? "the user"} has expired`,
  async inject({ user: given }, { cluster, heals }): Promise<void> {
    const user = given ?? cluster.plan.user;
    const login = nodeOf(cluster, "login");
    const make = async (seconds: number) => {
      // Answers SLURM_JWT=...
      const said = await login.run(["scontrol", "token", `lifespan=${seconds}`], { user });
      const token = said.trim().replace(/^SLURM_JWT=/, "");
      await login.run(["tee", FILE], { user, stdin: token });
      return token;
    };
    heals(`give ${user} a fresh token`, async () => void (await make(1800)));
    const expires = expiryOf(await make(1));
    const look = async () => {
      const now = Number(await login.run(["date", "+%s"]));
      return now > expires ? met(true) : pending(`it expires in ${expires - now} s`);
    };
    const options = { withinMs: 20_000, signal: cluster.signal };
    await cluster.waits.during(waitFor({ title: "the token to expire", look }, options));
  },
});

/** When a token expires, in seconds since 1970: `exp` of its middle part. */
function expiryOf(token: string): number {
  const claims = Buffer.from(token.split(".")[1] ?? "", "base64url").toString();
  return Number((JSON.parse(claims) as { exp?: unknown }).exp);
}
