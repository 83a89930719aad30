import type { z } from "zod";
import type { FAULTS } from "../../src/faults/index.ts";
import { type FaultLab, OLD_TOKEN } from "./fault-lab.ts";

type Input = z.input<(typeof FAULTS)[number]["schema"]>;

interface Symptom {
  readonly input: Input;
  /** What can be seen while the fault is in, as Slurm, munge, MariaDB and the kernel say it. */
  readonly shows: (lab: FaultLab) => Promise<unknown>;
  /** That it cannot be seen any more; that nodes are IDLE and nothing has crashed is looked at for every fault. */
  readonly mended?: (lab: FaultLab) => Promise<unknown>;
  /** What is an administrator's to do before nodes can be IDLE. */
  readonly administer?: (lab: FaultLab) => Promise<unknown>;
}

/** A credential made on g1, and what the controller's munged says of it. */
const CREDENTIAL = async (lab: FaultLab): Promise<string> => {
  const made = await lab.run("g1", "munge", "-n");
  return /^MUNGE:/.test(made)
    ? await lab.run("ctl", "bash", "-c", 'unmunge <<< "$1"', "unmunge", made.trim())
    : made;
};
const decodes = (matches: RegExp) => async (lab: FaultLab) => {
  const said = await CREDENTIAL(lab);
  if (!matches.test(said)) throw new Error(`expected ${matches}, seen ${said}`);
};
const SLURMD = ["timeout", "2", "scontrol", "show", "slurmd"];
const connects = (node: string, port: number) => [
  "timeout",
  "2",
  "bash",
  "-c",
  `exec 3<>/dev/tcp/${node}/${port}`,
];
const reason = (matches: RegExp) => (lab: FaultLab) =>
  lab.sees("ctl", ["scontrol", "-o", "show", "node", "g1"], matches);
const resume = (lab: FaultLab) => lab.resume("g1");
const job = (lab: FaultLab) => lab.run("ctl", "sbatch", "--wrap=true", "-w", "g1", "-o", "/dev/null");
const unplugged = {
  shows: (lab: FaultLab) => lab.sees("ctl", connects("g1", 6818), /exit (1|124)/),
  mended: (lab: FaultLab) => lab.sees("ctl", connects("g1", 6818), /^$/),
};

/** sinfo, with the user's token in place of munge. */
const BY_TOKEN = ["bash", "-c", "SLURM_JWT=$(cat /home/ada/token) sinfo --format=%N"];

/** The same with the token that was made when the cluster was started. */
const BY_OLD_TOKEN = ["bash", "-c", `export $(cat ${OLD_TOKEN}); sinfo --format=%N`];

/** Has slurmctld ask every node at once: one that was found silent would be asked again when SlurmdTimeout says so. */
const asked = (lab: FaultLab) => lab.run("ctl", "scontrol", "reconfigure");

export const SYMPTOMS: readonly Symptom[] = [
  {
    input: { fault: "munge-mismatch", on: "g1" },
    shows: decodes(/Invalid credential/),
    mended: decodes(/Success/),
  },
  {
    input: { fault: "munge-down", on: "g1" },
    shows: decodes(/Failed to access/),
    mended: decodes(/Success/),
  },
  {
    input: { fault: "munge-key-mode", on: "g1" },
    shows: (lab) => lab.logs("g1", "munged", /Keyfile is insecure/),
    mended: decodes(/Success/),
  },
  {
    input: { fault: "clock-skew", on: "g1", by: "+600s" },
    shows: decodes(/Rewound credential/),
    mended: decodes(/Success/),
    administer: asked,
  },
  {
    input: { fault: "clock-skew", on: "g1", by: "-600s" },
    shows: decodes(/Expired credential/),
    mended: decodes(/Success/),
    administer: asked,
  },
  {
    input: { fault: "daemon-killed", daemon: "slurmd", on: "g1" },
    shows: (lab) => lab.sees("g1", SLURMD, /exit 1/),
    mended: (lab) => lab.sees("g1", SLURMD, /Slurmd PID/),
  },
  {
    input: { fault: "daemon-hung", daemon: "slurmd", on: "g1" },
    shows: (lab) => lab.sees("g1", SLURMD, /exit 124/),
    mended: (lab) => lab.sees("g1", SLURMD, /Slurmd PID/),
  },
  { input: { fault: "node-killed", on: "g1" }, ...unplugged },
  {
    input: { fault: "node-paused", on: "g1" },
    // What runs in it is frozen, and the engine lets nothing new in.
    shows: (lab) => lab.refuses("g1", /paused/),
  },
  {
    input: { fault: "node-unplugged", on: "g1" },
    shows: async (lab) => {
      await unplugged.shows(lab);
      await lab.sees("g1", ["getent", "hosts", "ctl"], /ctl/);
    },
    mended: async (lab) => {
      await unplugged.mended(lab);
      await lab.sees("g1", connects("ctl", 6817), /^$/);
    },
  },
  { input: { fault: "port-blocked", on: "g1", port: 6818 }, ...unplugged },
  {
    input: { fault: "port-blocked", on: "g1", port: 6817, direction: "out" },
    shows: (lab) => lab.sees("g1", connects("ctl", 6817), /exit 124/),
    mended: (lab) => lab.sees("g1", connects("ctl", 6817), /^$/),
  },
  {
    input: { fault: "node-rebooted", on: "g1" },
    shows: reason(/Reason=Node unexpectedly rebooted/),
    administer: resume,
  },
  {
    input: { fault: "conf-line-changed", on: "g1" },
    shows: (lab) =>
      lab.logs("ctl", "slurmctld", /Node g1 appears to have a different slurm.conf than the slurmctld/),
  },
  {
    input: { fault: "conf-parse-error", on: "g1", restarts: "slurmd" },
    shows: (lab) => lab.logs("g1", "slurmd", /Parsing error at unrecognized key: NoSuchKey/),
  },
  {
    input: { fault: "conf-mode" },
    shows: (lab) => lab.logs("ctl", "slurmdbd", /slurmdbd\.conf file \S+ should be 600/),
  },
  {
    input: { fault: "conf-mode", mode: "0600", owner: "root" },
    shows: (lab) => lab.logs("ctl", "slurmdbd", /slurmdbd\.conf owned by 0 not SlurmUser/),
  },
  {
    input: { fault: "more-memory-than-real", on: "g1" },
    shows: reason(/Reason=Low RealMemory/),
    administer: resume,
  },
  {
    input: { fault: "more-cpus-than-real", on: "g1" },
    shows: reason(/Reason=Low (CPUs|socket\*core\*thread count)/),
    administer: resume,
  },
  {
    input: { fault: "prolog-fails", on: "g1" },
    shows: async (lab) => {
      await job(lab);
      await reason(/Reason=Prolog error/)(lab);
    },
    administer: async (lab) => {
      await lab.run("ctl", "scancel", "--state=PENDING", "--user=root");
      await resume(lab);
    },
  },
  {
    input: { fault: "epilog-fails", on: "g1" },
    shows: async (lab) => {
      await job(lab);
      await reason(/Reason=Epilog error/)(lab);
    },
    administer: resume,
  },
  {
    input: { fault: "healthcheck-fails", on: "g1" },
    shows: reason(/Reason=HC: disk is failing/),
    administer: resume,
  },
  {
    input: { fault: "database-down" },
    shows: (lab) => lab.sees("ctl", connects("ctl", 3306), /exit 1/),
    mended: (lab) => lab.sees("ctl", ["sacctmgr", "-n", "show", "cluster"], /lab/),
  },
  {
    input: { fault: "database-hung" },
    shows: (lab) => lab.sees("ctl", ["timeout", "2", "mariadb", "-e", "select 1"], /exit 124/),
    mended: (lab) => lab.sees("ctl", ["timeout", "5", "mariadb", "-e", "select 1"], /1/),
  },
  {
    input: { fault: "database-wrong-password" },
    shows: (lab) => lab.logs("ctl", "slurmdbd", /1045 Access denied for user/),
    mended: (lab) => lab.sees("ctl", ["sacctmgr", "-n", "show", "cluster"], /lab/),
  },
  {
    input: { fault: "jwt-key-changed" },
    shows: (lab) => lab.sees("ctl", BY_OLD_TOKEN, /Protocol authentication error/),
    mended: (lab) => lab.sees("ctl", BY_OLD_TOKEN, /^NODELIST/),
  },
  {
    input: { fault: "token-expired" },
    shows: (lab) => lab.sees("ctl", BY_TOKEN, /Protocol authentication error/),
    mended: (lab) => lab.sees("ctl", BY_TOKEN, /^NODELIST/),
  },
  {
    input: { fault: "state-lost" },
    shows: (lab) => lab.logs("ctl", "slurmctld", /No job state file \(\S+job_state\.old\) to recover/),
  },
  {
    input: { fault: "disk-full" },
    shows: async (lab) => {
      await job(lab);
      await lab.logs("ctl", "slurmctld", /No space left on device/);
    },
  },
  {
    input: { fault: "gpu-missing", on: "g1" },
    shows: (lab) => lab.logs("g1", "slurmd", /Waiting for gres\.conf file \/dev\/nvidia0/),
  },
  {
    input: { fault: "gpus-fewer", on: "g1" },
    shows: reason(/Reason=gres\/gpu count reported lower than configured \(1 < 2\)/),
    administer: resume,
  },
  {
    input: { fault: "gpu-ecc-error", on: "g1" },
    shows: (lab) =>
      lab.sees(
        "g1",
        ["nvidia-smi", "--query-gpu=ecc.errors.uncorrected.volatile.total", "--format=csv,noheader"],
        /^2$/m,
      ),
    mended: (lab) =>
      lab.sees(
        "g1",
        ["nvidia-smi", "--query-gpu=ecc.errors.uncorrected.volatile.total", "--format=csv,noheader"],
        /^0\n0$/m,
      ),
  },
  {
    input: { fault: "nvidia-smi-hangs", on: "g1" },
    shows: (lab) => lab.sees("g1", ["timeout", "2", "nvidia-smi", "-L"], /exit 124/),
    mended: (lab) => lab.sees("g1", ["timeout", "5", "nvidia-smi", "-L"], /GPU 0/),
  },
  // The last: its reason stays on the node that is IDLE again, and Slurm then writes no other there.
  {
    input: { fault: "name-unresolvable", on: "g1" },
    shows: (lab) => lab.logs("ctl", "slurmctld", /Unable to resolve "g1"/),
  },
];
