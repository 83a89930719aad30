import { type FaultLab, OLD_TOKEN } from "../fault-lab.ts";
import { connects, type Symptom } from "./symptom.ts";

const reason = (matches: RegExp) => (lab: FaultLab) =>
  lab.sees("ctl", ["scontrol", "-o", "show", "node", "g1"], matches);

const resume = (lab: FaultLab) => lab.resume("g1");

/** For a node whose job was held. */
const cancelAndResume = async (lab: FaultLab) => {
  await lab.run("ctl", "scancel", "--state=PENDING", "--user=root");
  await resume(lab);
};

const job = (lab: FaultLab) => lab.run("ctl", "sbatch", "--wrap=true", "-w", "g1", "-o", "/dev/null");

/** sinfo, with the user's token in place of munge. */
const BY_TOKEN = ["bash", "-c", "SLURM_JWT=$(cat /home/ada/token) sinfo --format=%N"];

/** The same with the token that was made when the cluster was started. */
const BY_OLD_TOKEN = ["bash", "-c", `export $(cat ${OLD_TOKEN}); sinfo --format=%N`];

const SUBMITS = ["sbatch", "--wrap=true", "-w", "g1", "-o", "/dev/null"];

const SUBMITTED = /^Submitted batch job \d+\n$/;

const CONTROLLER = ["sacctmgr", "-n", "show", "cluster", "format=ControlHost"];

/** Of configuration, scripts, the database, saved state and GPUs. */
export const OF_SLURM: readonly Symptom[] = [
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
    administer: cancelAndResume,
  },
  {
    input: { fault: "prolog-fails", on: "g1", how: "hangs" },
    shows: async (lab) => {
      await job(lab);
      await lab.sees("ctl", ["squeue", "-h", "-w", "g1", "-o", "%T"], /RUNNING/);
      await lab.sees("g1", ["pgrep", "-f", "/etc/slurm/scripts/prolog"], /\d/);
    },
    mended: (lab) => lab.sees("ctl", ["squeue", "-h", "-w", "g1"], /^$/),
  },
  {
    input: { fault: "epilog-fails", on: "g1", how: "hangs" },
    shows: async (lab) => {
      await job(lab);
      await lab.sees("ctl", ["sinfo", "-h", "-n", "g1", "-o", "%T"], /completing/);
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
    input: { fault: "healthcheck-fails", on: "g1", how: "hangs" },
    shows: (lab) => lab.sees("g1", ["pgrep", "-f", "/etc/slurm/scripts/healthCheck"], /\d/),
    mended: (lab) => lab.sees("g1", ["pgrep", "-c", "-f", "scripts/healthCheck"], /0/),
  },
  {
    input: { fault: "job-submit-fails" },
    shows: async (lab) => {
      await lab.sees("ctl", SUBMITS, SUBMITTED);
      await lab.logs("ctl", "slurmctld", /error: job_submit\/lua: .*broken on purpose/);
    },
  },
  {
    input: { fault: "job-submit-fails", how: "reject" },
    shows: (lab) => lab.sees("ctl", SUBMITS, /rejected on purpose.*Batch job submission failed/s),
    mended: (lab) => lab.sees("ctl", SUBMITS, SUBMITTED),
  },
  {
    input: { fault: "job-submit-fails", how: "hang", seconds: 3 },
    shows: (lab) => lab.sees("ctl", ["timeout", "1", ...SUBMITS], /exit 124/),
    mended: (lab) => lab.sees("ctl", SUBMITS, SUBMITTED),
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
    input: {
      fault: "rows-altered",
      table: "cluster_table",
      where: "name='lab'",
      set: "control_host='192.0.2.1'",
    },
    shows: (lab) => lab.sees("ctl", CONTROLLER, /192\.0\.2\.1/),
    mended: (lab) => lab.sees("ctl", CONTROLLER, /10\.\d+\.\d+\.\d+/),
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
    input: { fault: "state-truncated" },
    shows: (lab) => lab.logs("ctl", "slurmctld", /fatal: Incomplete job state save file/),
  },
  {
    input: { fault: "state-truncated", file: "node_state" },
    shows: (lab) =>
      lab.logs(
        "ctl",
        "slurmctld",
        /gres_node_state_unpack: unpack error from node g1|fatal: Incomplete node data/,
      ),
  },
  {
    input: { fault: "state-not-writable" },
    shows: (lab) => lab.logs("ctl", "slurmctld", /fatal: Incorrect permissions on state save loc/),
  },
  {
    input: { fault: "disk-full" },
    shows: async (lab) => {
      await job(lab);
      await lab.logs("ctl", "slurmctld", /No space left on device/);
    },
  },
  {
    input: { fault: "storage-slow", daemon: "slurmctld", on: "ctl", by: 100 },
    shows: async (lab) => {
      await lab.sees("ctl", SUBMITS, SUBMITTED);
      await lab.logs("ctl", "slurmctld", /_slurm_rpc_submit_batch_job: JobId=\d+ InitPrio=\d+ usec=\d{6}/);
    },
  },
  {
    input: { fault: "spool-full", on: "g1" },
    shows: async (lab) => {
      await job(lab);
      await lab.logs("g1", "slurmd", /No space left on device/);
      await reason(/Reason=SlurmdSpoolDir is full/)(lab);
    },
    administer: cancelAndResume,
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
    input: { fault: "gpu-lost", on: "g1" },
    shows: async (lab) => {
      await lab.sees("g1", ["nvidia-smi"], /Unable to determine the device handle for GPU.*: Unknown Error/);
      await lab.sees(
        "g1",
        ["grep", "NVRM: Xid", "/var/log/kern.log"],
        /: 79, .*GPU has fallen off the bus\./,
      );
    },
    mended: async (lab) => {
      await lab.sees("g1", ["nvidia-smi", "-L"], /GPU 0/);
      await lab.sees("g1", ["grep", "--count", "Xid", "/var/log/kern.log"], /^0$/m);
    },
  },
  {
    input: { fault: "spool-read-only", on: "g1" },
    shows: async (lab) => {
      await job(lab);
      await lab.logs("g1", "slurmd", /Read-only file system/);
    },
    administer: resume,
  },
  {
    input: { fault: "nvidia-smi-hangs", on: "g1" },
    shows: (lab) => lab.sees("g1", ["timeout", "2", "nvidia-smi", "-L"], /exit 124/),
    mended: (lab) => lab.sees("g1", ["timeout", "5", "nvidia-smi", "-L"], /GPU 0/),
  },
  {
    input: { fault: "nvidia-driver-mismatch", on: "g1" },
    shows: (lab) => lab.sees("g1", ["nvidia-smi", "-L"], /Driver\/library version mismatch/),
    mended: (lab) => lab.sees("g1", ["nvidia-smi", "-L"], /GPU 0/),
  },
  // The last: its reason stays on the node that is IDLE again, and Slurm then writes no other there.
  {
    input: { fault: "name-unresolvable", on: "g1" },
    shows: (lab) => lab.logs("ctl", "slurmctld", /Unable to resolve "g1"/),
  },
];
