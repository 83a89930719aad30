import { planCluster } from "@slurmlab/config-gen";
import { CATALOG, imageSet } from "@slurmlab/images";
import { type Cluster, nodeNamed } from "../../src/cluster/cluster.ts";
import { DaemonControl } from "../../src/cluster/daemon-control.ts";
import { type DaemonEnd, parseEnds } from "../../src/cluster/foreseen-ends.ts";
import { LogMarks } from "../../src/cluster/log-marks.ts";
import { newClusterId } from "../../src/cluster/names.ts";
import { nodesIdle } from "../../src/cluster/ready.ts";
import type { Daemon } from "../../src/cluster/roles.ts";
import { startCluster } from "../../src/cluster/start.ts";
import { Waits } from "../../src/cluster/waits.ts";
import { until } from "../../src/conditions/condition.ts";
import { met, pending, type Sighting, waitFor } from "../../src/conditions/probe.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { LABEL, ownerOf } from "../../src/engine/labels.ts";
import { LabError, messageOf } from "../../src/errors/lab-error.ts";
import { Undo } from "../../src/errors/undo.ts";
import type { Fault } from "../../src/faults/fault.ts";
import { FAULTS } from "../../src/faults/index.ts";
import { Faults, type InjectedFault } from "../../src/faults/injected.ts";
import { Journal } from "../../src/journal/journal.ts";

/** One machine with all of the controlling daemons and two workers: as few containers as faults can do with. */
const SPEC = {
  nodes: [
    {
      name: "ctl",
      roles: ["slurmctld" as const, "slurmdbd" as const, "database" as const, "login" as const],
    },
    {
      name: "g[1-2]",
      roles: ["slurmd" as const],
      cpus: 1,
      memory: "200M",
      gpus: { type: "a100", count: 2, mode: "mock" as const },
    },
  ],
  scripts: {
    prolog: "exit 0",
    epilog: "exit 0",
    healthCheck: "exit 0",
    jobSubmit:
      "function slurm_job_submit() return slurm.SUCCESS end\nfunction slurm_job_modify() return slurm.SUCCESS end\nreturn slurm.SUCCESS",
  },
  overrides: {
    "slurm.conf": {
      // What the machine really has counts, or memory and CPUs that are not there would be believed.
      SlurmdParameters: null,
      MessageTimeout: 5,
      // No node is asked, and found silent, in the minutes that this takes: the recovery would wait for the next time.
      SlurmdTimeout: 3600,
      StateSaveLocation: "/dev/shm/slurmctld",
    },
  },
};

/** Where a token for ada is on ctl, made with the cluster's own key. */
export const OLD_TOKEN = "/root/old-token";

/** A cluster that lives through one fault after another. */
export class FaultLab {
  readonly cluster: Cluster;
  readonly #daemons: DaemonControl;
  readonly #faults: Faults;
  readonly #logs = new LogMarks();
  readonly #undo: Undo;

  private constructor(cluster: Cluster, undo: Undo) {
    this.cluster = cluster;
    this.#undo = undo;
    this.#daemons = new DaemonControl(cluster);
    this.#faults = new Faults(cluster, { daemons: this.#daemons, journal: new Journal(), seed: 1 });
  }

  static async start(engine: Engine): Promise<FaultLab> {
    const planned = planCluster(SPEC, { defaultSlurm: "24.11" });
    const release = CATALOG.find(({ slurm }) => slurm === "24.11");
    if (!planned.ok || !release)
      throw new Error(`the test's own cluster is wrong: ${JSON.stringify(planned)}`);
    const undo = new Undo();
    const id = newClusterId("faults");
    try {
      const cluster = await startCluster(engine, {
        id,
        plan: planned.plan,
        images: imageSet(release, engine.architecture),
        labels: {
          [LABEL.tool]: "test",
          [LABEL.scenario]: "faults",
          [LABEL.owner]: ownerOf(process.pid),
          [LABEL.created]: new Date().toISOString(),
        },
        undo,
        waits: new Waits(),
        signal: new AbortController().signal,
        onProgress: () => {},
      });
      const lab = new FaultLab(cluster, undo);
      await lab.run(
        "ctl",
        "bash",
        "-c",
        `umask 077; scontrol token username=ada lifespan=7200 > ${OLD_TOKEN}`,
      );
      return lab;
    } catch (error) {
      await undo.run();
      throw error;
    }
  }

  async stop(): Promise<void> {
    const left = await this.#undo.run();
    if (left.length > 0) throw new Error(left.join("\n"));
  }

  async inject(input: { readonly fault: string }): Promise<InjectedFault> {
    const fault = FAULTS.find(({ name }) => name === input.fault) as unknown as Fault;
    await this.#logs.set(this.cluster);
    return await this.#faults.inject(fault, fault.schema.parse(input) as { fault: string });
  }

  /** Mends it and does what is an administrator's; then every node is IDLE, and no daemon has ended but what the fault ended. */
  async heal(fault: InjectedFault, administer?: (lab: FaultLab) => Promise<unknown>): Promise<void> {
    await this.#faults.heal(fault);
    await administer?.(this);
    const { cluster } = this;
    const idle = nodesIdle("every node to be IDLE again", ["g1", "g2"]);
    await until(
      cluster,
      { ...idle, judge: (look) => notYet(idle.judge(look)) },
      { withinMs: 45_000, signal: cluster.signal },
    );
    const crashed = this.#daemons.ends.unforeseen(await endsIn(cluster));
    if (crashed.length > 0) throw new Error(crashed.map(({ line }) => line).join("\n"));
  }

  async run(node: string, ...argv: string[]): Promise<string> {
    const { code, stdout, stderr } = await nodeNamed(this.cluster, node).exec(argv);
    return `${stdout}${stderr}${code === 0 ? "" : `exit ${code}`}`;
  }

  /** Nothing can be run on a node, for this reason. */
  async refuses(node: string, because: RegExp): Promise<void> {
    const said = await this.run(node, "true").catch(messageOf);
    if (!because.test(said)) throw new Error(`expected ${because}, seen ${said || "that it ran"}`);
  }

  /** Waits until a program on a node prints something that matches; how it ends is part of what it prints. */
  async sees(node: string, argv: readonly string[], matches: RegExp): Promise<void> {
    const look = async () => {
      const printed = await this.run(node, ...argv);
      return matches.test(printed) ? met(true) : pending(printed.slice(-2_000));
    };
    const probe = { title: `${argv.join(" ")} on ${node} to print ${matches}`, look };
    await waitFor(probe, { withinMs: 30_000, everyMs: 200, signal: this.cluster.signal }).catch(
      (error: unknown) => {
        // A test's report has an error's message and no more.
        throw error instanceof LabError ? new Error(error.format(), { cause: error }) : error;
      },
    );
  }

  /** Waits for a line that a daemon has logged since the fault. */
  async logs(node: string, daemon: Daemon["name"], matches: RegExp): Promise<void> {
    await this.sees(node, this.#logs.argvAfter(nodeNamed(this.cluster, node), daemon), matches);
  }

  resume(node: string): Promise<string> {
    return this.run("ctl", "scontrol", "update", `nodename=${node}`, "state=resume");
  }
}

/** A node that was resumed is drained until slurmctld has seen to it. */
function notYet(sighting: Sighting<true>): Sighting<true> {
  return sighting.is === "hopeless" ? pending(sighting.why) : sighting;
}

/** Every end of a daemon that the supervisors of all nodes have written down. */
async function endsIn(cluster: Cluster): Promise<DaemonEnd[]> {
  const ends = await Promise.all(
    cluster.nodes.map(async (node) => {
      // There is no such file before the first end.
      const { stdout } = await node.exec(["cat", "/var/log/slurm/supervisor.log"]);
      return parseEnds(node.name, stdout);
    }),
  );
  return ends.flat();
}
