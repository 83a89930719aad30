import { type KnownSymptom, read, SLURM, seen } from "./symptom.ts";

export const NODES: readonly KnownSymptom[] = [
  {
    id: "node-not-responding",
    daemons: ["slurmctld"],
    says: /Nodes \S+ not responding, setting DOWN/,
    cause: "slurmd of these nodes did not answer for SlurmdTimeout: it ended, hangs, or the network is cut",
    check: "slurmd on the node, port 6818 from the controller, munge in both directions",
    do: "bring slurmd back; with ReturnToService=0 also `scontrol update nodename=NODE state=resume`",
    examples: [seen("24.11.5", "Nodes c[1-2] not responding, setting DOWN")],
  },
  {
    id: "node-rebooted",
    daemons: ["slurmctld"],
    says: /Node \S+ unexpectedly rebooted/,
    cause: "the node was started again without Slurm's doing; its jobs were ended",
    check: "the node's own log for a crash, power loss or an OOM kill",
    do: "`scontrol update nodename=NODE state=resume` once it is known why, or ReturnToService=2",
    examples: [
      read(
        "node_mgr.c:3577@24.11",
        "Node c1 unexpectedly rebooted boot_time=1795590000 last response=1795589000",
      ),
    ],
  },
  {
    id: "low-memory",
    daemons: ["slurmctld"],
    says: /with reason:Low RealMemory/,
    cause: "slurm.conf gives the node more memory than it has",
    check: "`slurmd -C` on the node",
    do: "set RealMemory to that or less, reconfigure, and resume the node",
    examples: [
      read(
        "node_mgr.c:3284@24.11",
        "Setting node c1 state to INVAL with reason:Low RealMemory (reported:24105 < 100.00% of configured:64000)",
      ),
      read("node_mgr.c:2591@20.11", "Setting node c1 state to DRAIN with reason:Low RealMemory"),
    ],
  },
  {
    id: "low-cpus",
    daemons: ["slurmctld", "slurmd"],
    // Not slurmd's own "Node configuration differs from hardware": with config_overrides that is meant.
    says: /with reason:Low (?:socket\*core\*thread count|CPUs)/,
    cause: "slurm.conf gives the node more CPUs than it has",
    check: "`slurmd -C` on the node; SMT may be off in the firmware",
    do: "set CPUs, Sockets, CoresPerSocket and ThreadsPerCore to that, reconfigure, and resume the node",
    examples: [
      read(
        "node_mgr.c:3481@26.05",
        "Setting node c1 state to INVAL with reason:Low socket*core*thread count",
      ),
    ],
  },
  {
    id: "kill-task-failed",
    daemons: ["slurmstepd", "slurmd", "slurmctld"],
    says: /STEPD TERMINATED ON .* DUE TO JOB NOT ENDING WITH SIGNALS|Kill task failed/,
    cause: "a process of a job did not end on SIGKILL, mostly because of a file system or GPU that hangs",
    check: "`ps -eo pid,stat,wchan,cmd | grep ' D'` on the node, and its mounts",
    do: "mend the storage or reboot the node, then resume it",
    examples: [
      read(
        "step_terminate_monitor.c:148@24.11",
        "*** JOB 17 STEPD TERMINATED ON c1 AT 2026-11-25T07:00:00 DUE TO JOB NOT ENDING WITH SIGNALS ***",
      ),
    ],
  },
  {
    id: "prolog-failed",
    daemons: ["slurmctld", "slurmd"],
    says: /prolog failed status=|Prolog or job env setup failure on node/,
    cause: "Prolog ended with an error, so the node is drained and the job held",
    check: "slurmd.log of the node and what Prolog itself prints; run it by hand there",
    do: "repair Prolog, resume the node, and `scontrol release` the job",
    examples: [
      read("req.c:2077@26.05", "[job 17] prolog failed status=1:0"),
      read("node_mgr.c:2707@20.11", "Prolog or job env setup failure on node c1, draining the node"),
    ],
  },
  {
    id: "version-differs",
    daemons: SLURM,
    says: /protocol_version \d+ not supported|Invalid Protocol Version \d+|Incompatible versions of client and server code/,
    cause: "two daemons, or a command and a daemon, are of releases too far apart",
    check: "`-V` of slurmdbd, slurmctld and slurmd: none may be newer than the one before it",
    do: "upgrade slurmdbd first, then slurmctld, then slurmd",
    examples: [
      seen("24.11.5", "unpack_header: protocol_version 11520 not supported"),
      read("slurm_protocol_api.c:1023@22.05", "Invalid Protocol Version 10752 from uid=64030"),
    ],
  },
];
