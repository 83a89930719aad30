import { randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { pack } from "tar-stream";
import { createClusterNetwork } from "../../src/cluster/network.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { LABEL } from "../../src/engine/labels.ts";

/** What a daemon did with its configuration. */
export interface Outcome {
  /** It read all of it and went on to its work. */
  readonly taken: boolean;
  /** Its log. */
  readonly says: string;
}

const FOLDER = "/tmp/p";

/**
 * Runs a daemon until it shows that it is at work, or ends. `ping` asks slurmctld itself; anything else is looked for
 * in what the daemon says. Its end tells which it was. Nobody answers names on an internal network, and 24.11 asks for
 * one at its start and waits 10 s: without a name server, it is told at once.
 */
const TRY = `
ready=$1; shift
: > /etc/resolv.conf
rm -rf /tmp/state /tmp/spool /tmp/*.log /tmp/*.pid; mkdir -p /tmp/state /tmp/spool
head -c 32 /dev/zero | tr '\\0' k > /tmp/state/jwt_hs256.key; chmod 600 /tmp/state/jwt_hs256.key ${FOLDER}/*
"$@" > /tmp/out.log 2>&1 &
taken=1
for i in {1..200}; do
  if [ "$ready" = ping ]; then timeout 2 scontrol ping 2>/dev/null | grep -q 'is UP' && taken=0
  else cat /tmp/*.log | grep -q -- "$ready" && taken=0; fi
  [ $taken = 0 ] && break
  kill -0 $! 2>/dev/null || break
  sleep 0.05
done
kill -KILL $! 2>/dev/null; wait $! 2>/dev/null
cat /tmp/*.log
exit $taken
`;

/** One container with the daemons of one release, each of which can be tried with files of its own. */
export class DaemonLab {
  readonly #engine: Engine;
  readonly #container: string;
  readonly #network: string;

  private constructor(engine: Engine, container: string, network: string) {
    this.#engine = engine;
    this.#container = container;
    this.#network = network;
  }

  static async start(engine: Engine, image: string): Promise<DaemonLab> {
    const id = `keys-${randomBytes(3).toString("hex")}`;
    const labels = { [LABEL.tool]: "test", [LABEL.cluster]: id };
    const name = `slurmlab-${id}`;
    const network = await createClusterNetwork(engine, { name, labels, nodes: ["n1"] });
    const address = network.addresses.n1 ?? "";
    const container = await engine.createContainer({
      name,
      hostname: "n1",
      image,
      labels,
      network: { name, address },
      hosts: { n1: address },
      capabilities: ["CHOWN", "DAC_OVERRIDE", "FOWNER", "SETGID", "SETUID", "KILL"],
      entrypoint: ["sleep", "600"],
    });
    await engine.startContainer(container);
    return new DaemonLab(engine, container, name);
  }

  async stop(): Promise<void> {
    await this.#engine.remove("container", this.#container);
    await this.#engine.remove("network", this.#network);
  }

  /** slurmctld, until `scontrol ping` finds it UP. */
  slurmctld(files: Readonly<Record<string, string>>): Promise<Outcome> {
    return this.#try(files, "ping", ["slurmctld", "-D", "-c", "-f", `${FOLDER}/slurm.conf`]);
  }

  /** slurmd, until it says what its node has: the last thing it does before it registers. */
  slurmd(files: Readonly<Record<string, string>>): Promise<Outcome> {
    return this.#try(files, "CPUs=.* Uptime=", ["slurmd", "-D", "-f", `${FOLDER}/slurm.conf`]);
  }

  /** slurmdbd, until it has read all of its file and looks for its database. */
  slurmdbd(files: Readonly<Record<string, string>>): Promise<Outcome> {
    return this.#try(files, "mysql_real_connect failed", ["slurmdbd", "-D"]);
  }

  async #try(
    files: Readonly<Record<string, string>>,
    ready: string,
    program: readonly string[],
  ): Promise<Outcome> {
    await this.#engine.exec(this.#container, ["rm", "-rf", FOLDER]);
    const tar = pack();
    for (const [name, text] of Object.entries(files)) tar.entry({ name: `${FOLDER.slice(1)}/${name}` }, text);
    tar.finalize();
    await this.#engine.putFiles(this.#container, Readable.from(tar));
    const env = { SLURM_CONF: `${FOLDER}/slurm.conf` };
    const argv = ["bash", "-c", TRY, "try", ready, ...program];
    const { code, stdout } = await this.#engine.exec(this.#container, argv, { env });
    return { taken: code === 0, says: stdout };
  }
}
