import { type KnownSymptom, read, seen } from "./symptom.ts";

export const STATE: readonly KnownSymptom[] = [
  {
    id: "state-incompatible",
    daemons: ["slurmctld"],
    says: /Can not recover \S+(?: \S+)?, incompatible version|data version incompatible/,
    cause: "StateSaveLocation was written by a Slurm that is too old or too new for this one",
    check: "got and need in the line: protocol versions, 256 a release",
    do: "restore the state from before and upgrade by way of a release in between; -i throws jobs away",
    examples: [
      read(
        "assoc_mgr.c:5908@24.11",
        "Can not recover assoc_usage state, incompatible version, got 9728 need >= 9984 <= 10752, start with '-i' to ignore this.",
      ),
      read(
        "node_mgr.c:338@24.11",
        "Can not recover node state, data version incompatible, start with '-i' to ignore this.",
      ),
    ],
  },
  {
    id: "state-full",
    daemons: ["slurmctld"],
    says: /(?:Can't save state|creating file|writing file|heartbeat).*No space left on device/,
    cause: "the file system of StateSaveLocation is full; what is submitted now is lost at a restart",
    check: "`df` of StateSaveLocation, inodes too",
    do: "make room before slurmctld is restarted; it saves again by itself",
    examples: [
      read(
        "state_save.c:87@24.11",
        "Can't save state, error creating file /var/spool/slurmctld/job_state.new: No space left on device",
      ),
    ],
  },
  {
    id: "spool-full",
    daemons: ["slurmd"],
    says: /cred_state\S* error No space left on device|SlurmdSpoolDir is full/,
    cause: "the file system of SlurmdSpoolDir is full: the node is drained, and the job that came is held",
    check: "`df` of SlurmdSpoolDir on the node, inodes too",
    do: "make room, then resume the node and release the job",
    examples: [seen("24.11", "write /var/spool/slurmd/cred_state.new error No space left on device")],
  },
  {
    id: "state-permissions",
    daemons: ["slurmctld"],
    says: /Incorrect permissions on state save loc/,
    cause: "SlurmUser cannot write into StateSaveLocation, so slurmctld does not start",
    check: "`ls -ld` of the folder, and SlurmUser",
    do: "chown it to SlurmUser",
    examples: [
      read("controller.c:3892@26.05", "Incorrect permissions on state save loc: /var/spool/slurmctld"),
    ],
  },
  {
    id: "cluster-name-differs",
    daemons: ["slurmctld"],
    says: /CLUSTER NAME MISMATCH/,
    cause: "ClusterName was changed, or an older Slurm reads the clustername file of 24.11 and later",
    check: "the file clustername in StateSaveLocation",
    do: "put the name back; after a step back, restore the state from before",
    examples: [read("controller.c:3008@22.05", "CLUSTER NAME MISMATCH.")],
  },
  {
    id: "orphan-jobs",
    daemons: ["slurmctld"],
    says: /Killing orphan batch |Orphan \S+ reported on node/,
    cause: "nodes run jobs that slurmctld knows nothing of: its state was lost",
    check:
      "whether StateSaveLocation is the one from before, and on a shared file system with a backup controller",
    do: "restore StateSaveLocation before more nodes register, and set FirstJobId above the last id",
    examples: [read("node_mgr.c:3798@24.11", "Killing orphan batch JobId=17 on node c1")],
  },
  {
    id: "standby-refuses",
    daemons: ["slurmctld"],
    says: /Not taking control\. Primary slurmctld is unresponsive/,
    cause: "the backup does not reach the primary, but the heartbeat file goes on, or cannot be read",
    check: "the network between the controllers, their clocks, and that StateSaveLocation is mounted on both",
    do: "mend the link or the mount; do not force a takeover while the primary runs",
    examples: [
      read(
        "backup.c:180@26.05",
        "Not taking control. Primary slurmctld is unresponsive, but is still updating the heartbeat file. Check for clock skew.",
      ),
    ],
  },
];
