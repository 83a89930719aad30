import type { LogDaemon } from "../logs/line.ts";

/** A line that shows a symptom, without its time and level. */
interface Example {
  readonly line: string;
  /** The release whose daemon wrote it in a cluster of ours, or the file and line of the source that has the text. */
  readonly from: { readonly seen: string } | { readonly read: string };
}

/** What a line of a log means. */
export interface KnownSymptom {
  readonly id: string;
  readonly subject: string;
  /** Whose log it stands in. */
  readonly daemons: readonly LogDaemon[];
  /** The text, of every release that has it. */
  readonly says: RegExp;
  readonly cause: string;
  readonly check: string;
  readonly do: string;
  readonly examples: readonly Example[];
}

type Parts = Omit<KnownSymptom, "subject">;

const seen = (release: string, line: string): Example => ({ line, from: { seen: release } });
const read = (source: string, line: string): Example => ({ line, from: { read: source } });
const about = (subject: string, symptoms: readonly Parts[]): KnownSymptom[] =>
  symptoms.map((symptom) => ({ subject, ...symptom }));

const SLURM = ["slurmctld", "slurmdbd", "slurmd", "slurmstepd", "slurmrestd"] as const;

const AUTHENTICATION = about("authentication", [
  {
    id: "munge-key-differs",
    daemons: SLURM,
    says: /Munge decode failed: Invalid credential/,
    cause: "two nodes have different munge keys, or munged was not restarted after its key changed",
    check: "`munge -n | ssh NODE unmunge` in both directions, and when munged was started",
    do: "put the same munge.key everywhere and restart munged; Slurm's daemons need no restart",
    examples: [read("auth_munge.c:539@26.05", "Munge decode failed: Invalid credential")],
  },
  {
    id: "clocks-differ",
    daemons: SLURM,
    says: /Munge decode failed: (?:Rewound|Expired) credential/,
    cause: "the clocks of two nodes differ by more than a munge credential lives (300 s)",
    check:
      "`date` on the node that is named and on the controller; ENCODED and DECODED in the lines after it",
    do: "repair NTP on the node whose clock is off, then restart munged there",
    examples: [
      read("auth_munge.c:506@20.11", "Munge decode failed: Rewound credential"),
      read("auth_munge.c:506@20.11", "Munge decode failed: Expired credential"),
    ],
  },
  {
    id: "munged-down",
    daemons: SLURM,
    says: /Munge (?:en|de)code failed: Failed to access/,
    cause: "munged does not run on this node",
    check: "`systemctl status munge`, and munged.log for why it ended",
    do: "start munged; Slurm's daemons need no restart",
    examples: [
      read(
        "auth_munge.c:191@20.11",
        'Munge encode failed: Failed to access "/run/munge/munge.socket.2": No such file or directory',
      ),
    ],
  },
  {
    id: "munge-key-open",
    daemons: ["munged"],
    says: /Keyfile is insecure/,
    cause: "the munge key belongs to another user, or others may read it, so munged does not start",
    check: "`ls -l /etc/munge/munge.key`",
    do: "chown munge: and chmod 0400 the key, then start munged",
    examples: [
      read(
        "munged/conf.c:1120",
        'Keyfile is insecure: "/etc/munge/munge.key" should not be readable or writable by group (perms=0644)',
      ),
    ],
  },
  {
    id: "slurmd-not-root",
    daemons: ["slurmctld"],
    says: /Security violation, NODE_REGISTER RPC from uid=/,
    cause: "slurmd of a node runs as a user that is neither root nor SlurmUser",
    check: "`ps -o user,cmd -C slurmd` on the node, and SlurmdUser in slurm.conf",
    do: "start slurmd as root",
    examples: [read("proc_req.c:2972@26.05", "Security violation, NODE_REGISTER RPC from uid=1000")],
  },
  {
    id: "jwt-wrong-key",
    daemons: ["slurmctld", "slurmdbd", "slurmrestd"],
    says: /jwt_decode failure|token expired/,
    cause: "a token has expired, or was made with another jwt_hs256.key than this daemon has",
    check: "the token's lifespan, and the key's checksum on slurmctld's and slurmdbd's node",
    do: "make a new token (`scontrol token`); with different keys, copy one and restart both daemons",
    examples: [
      read("auth_jwt.c:391@22.05", "auth_p_verify: jwt_decode failure"),
      read("auth_jwt.c:409@22.05", "auth_p_verify: token expired"),
    ],
  },
]);

const CONFIGURATION = about("configuration", [
  {
    id: "slurm-conf-differs",
    daemons: ["slurmctld"],
    says: /appears to have a different slurm\.conf than the slurmctld/,
    cause: "a node has another slurm.conf than the controller, and works with it",
    check: "`sha256sum /etc/slurm/slurm.conf` on both, included files as well",
    do: "distribute one file and run `scontrol reconfigure`",
    examples: [
      read(
        "proc_req.c:2989@26.05",
        "Node c1 appears to have a different slurm.conf than the slurmctld.  This could cause issues with communication and functionality.",
      ),
    ],
  },
  {
    id: "unknown-key",
    daemons: SLURM,
    says: /Parsing error at unrecognized key: /,
    cause: "a configuration file has a key that this Slurm does not know",
    check: "the file and line that the next line names; `pnpm run config lint` knows each release's keys",
    do: "take the key out, or write it as this release does",
    examples: [read("parse_config.c:1005@24.11", "Parsing error at unrecognized key: NoSuchKey")],
  },
  {
    id: "slurmdbd-conf-owner",
    daemons: ["slurmdbd"],
    says: /slurmdbd\.conf (?:file \S+ should be 600|not owned by SlurmUser|owned by \d+)/,
    cause:
      "slurmdbd.conf must belong to SlurmUser and be readable by no one else, so slurmdbd does not start",
    check: "`ls -l` of the file, and SlurmUser in it",
    do: "chown it to SlurmUser and chmod 0600",
    examples: [
      read(
        "read_config.c:226@24.11",
        "slurmdbd.conf file /etc/slurm/slurmdbd.conf should be 600 is 644 accessible for group or others",
      ),
      read("read_config.c:543@22.05", "slurmdbd.conf not owned by SlurmUser root!=slurm"),
      read("read_config.c:570@24.11", "slurmdbd.conf owned by 0 not SlurmUser(64030)"),
    ],
  },
  {
    id: "no-configuration-source",
    daemons: ["slurmd", "slurmrestd", "sackd"],
    says: /failed to fetch remote configs|Could not establish a configuration source/,
    cause: "a configless node does not reach slurmctld, or they do not authenticate one another",
    check: "that port 6817 of the controller answers from this node, and munge in both directions",
    do: "bring slurmctld up first; slurmd of 23.11 and older does not try again",
    examples: [
      read(
        "fetch_config.c:113@20.11",
        "_fetch_child: failed to fetch remote configs: Unable to contact slurm controller",
      ),
      read("read_config.c:3533@24.11", "Could not establish a configuration source"),
    ],
  },
  {
    id: "name-unresolvable",
    daemons: ["slurmctld", "slurmd"],
    says: /Unable to resolve "|can't find address for host |NO NETWORK ADDRESS FOUND/,
    cause: "the name of a node in slurm.conf does not resolve here",
    check: "`getent hosts NODE` on the controller",
    do: "put the name into DNS or /etc/hosts, then restart slurmctld: until then the node is not even listed",
    examples: [read("read_config.c:437@20.11", 'Unable to resolve "c1": Unknown host')],
  },
  {
    id: "plugin-missing",
    daemons: SLURM,
    says: /Couldn't find the specified plugin name for |Can't find plugin for |cannot create \S+ context for /,
    cause: "slurm.conf or cgroup.conf asks for a plugin that this Slurm does not have",
    check:
      "the plugin's name against the release's notes (select/cons_res went in 23.11), and what packages are installed",
    do: "name a plugin that is there, or install the package that has it",
    examples: [
      read("select.c:269@24.11", "Can't find plugin for select/cons_res"),
      read(
        "plugin.c:145@22.05",
        "Couldn't find the specified plugin name for cgroup/v2 looking at all files",
      ),
    ],
  },
]);

const ACCOUNTING = about("accounting", [
  {
    id: "database-password",
    daemons: ["slurmdbd", "mariadbd"],
    says: /Access denied for user/,
    cause:
      "StoragePass of slurmdbd.conf is not the database's password; that the database must be up is said too, and is not so",
    check: "`mariadb -h StorageHost -u StorageUser -p` with the file's password",
    do: "set the same password at both ends; slurmdbd tries again by itself",
    examples: [
      read(
        "mysql_common.c:681@20.11",
        "mysql_real_connect failed: 1045 Access denied for user 'slurm'@'dbd' (using password: YES)",
      ),
    ],
  },
  {
    id: "database-unreachable",
    daemons: ["slurmdbd"],
    says: /mysql_real_connect failed: 200[23]/,
    cause: "the database does not run, or its port is not reached from slurmdbd's node",
    check: "that port 3306 of StorageHost answers, and bind-address of the server",
    do: "start the database; slurmdbd tries every 5 s and slurmctld keeps what it has to tell",
    examples: [
      read(
        "mysql_common.c:681@20.11",
        "mysql_real_connect failed: 2003 Can't connect to MySQL server on 'db'",
      ),
    ],
  },
  {
    id: "database-gone",
    daemons: ["slurmdbd"],
    says: /mysql_query failed: (?:2006|2013)/,
    cause: "the database went away while slurmdbd was connected",
    check: "the database's own log for a restart, an OOM kill or max_allowed_packet",
    do: "bring the database back; nothing is lost as long as slurmctld's queue (`sdiag`) has room",
    examples: [read("mysql_common.c:191@20.11", "mysql_query failed: 2006 MySQL server has gone away")],
  },
  {
    id: "no-tres",
    daemons: ["slurmctld"],
    says: /You are running with a database but for some reason we have no TRES from it|slurmdbd and\/or database must be up at slurmctld start time/,
    cause: "slurmctld was started for the first time while slurmdbd did not answer or did not trust it",
    check: "slurmdbd.log of that moment: database, munge key, AccountingStorageHost",
    do: "bring slurmdbd up, then start slurmctld again",
    examples: [
      read(
        "controller.c:2023@24.11",
        "You are running with a database but for some reason we have no TRES from it.  This should only happen if the database is down and you don't have any state files.",
      ),
      read("controller.c:2341@20.11", "slurmdbd and/or database must be up at slurmctld start time"),
    ],
  },
  {
    id: "cluster-unregistered",
    daemons: ["slurmctld"],
    says: /You need to add this cluster to accounting/,
    cause: "the cluster is not in the database, and associations are enforced",
    check: "`sacctmgr show cluster`",
    do: "`sacctmgr add cluster NAME`, then start slurmctld again",
    examples: [
      read(
        "dbd_conn.c:440@26.05",
        "You need to add this cluster to accounting if you want to enforce associations, or no jobs will ever run.",
      ),
    ],
  },
  {
    id: "database-too-old-schema",
    daemons: ["slurmdbd"],
    says: /Database schema is (?:too old for this version of Slurm to upgrade|from a newer version of Slurm)/,
    cause: "slurmdbd was changed by more releases than a database can be converted over, or back",
    check: "`select version from convert_version_table` and the releases that this slurmdbd accepts",
    do: "restore the dump from before, and go by way of a release in between",
    examples: [
      read(
        "as_mysql_convert.c:204@24.11",
        "Database schema is too old for this version of Slurm to upgrade.",
      ),
      read(
        "as_mysql_convert.c:206@24.11",
        "Database schema is from a newer version of Slurm, downgrading is not possible.",
      ),
    ],
  },
]);

const STATE = about("state of the controller", [
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
]);

const NODES = about("nodes", [
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
]);

const GPUS = about("GPUs", [
  {
    id: "gpu-device-missing",
    daemons: ["slurmd"],
    says: /can't stat gres\.conf file \S+|Waiting for gres\.conf file \S+/,
    cause: "gres.conf names a GPU device that the node does not have, so slurmd waits 20 s and ends",
    check: "`ls -l /dev/nvidia*` and `nvidia-smi -L` on the node",
    do: "load the driver before slurmd starts (nvidia-persistenced), or correct gres.conf",
    examples: [
      read("gres.c:1118@24.11", "Waiting for gres.conf file /dev/nvidia0"),
      read("gres.c:1122@24.11", "can't stat gres.conf file /dev/nvidia0: No such file or directory"),
    ],
  },
  {
    id: "gpus-fewer",
    daemons: ["slurmctld", "slurmd"],
    says: /gres\/\w+ count reported lower than configured \(\d+ < \d+\)/,
    cause: "the node found fewer GPUs than slurm.conf gives it",
    check: "`slurmd -G` and `nvidia-smi -L` on the node, and dmesg for one that fell off the bus",
    do: "repair the GPU or correct Gres= and gres.conf, restart slurmd, and resume the node",
    examples: [
      read(
        "gres.c:3940@24.11",
        "Setting node g1 state to INVAL with reason:gres/gpu count reported lower than configured (1 < 2)",
      ),
    ],
  },
  {
    id: "nvml-missing",
    daemons: ["slurmd"],
    says: /We were configured to autodetect nvml functionality, but we weren't able to find that lib|Failed to initialize NVML/,
    cause: "AutoDetect=nvml on a Slurm without NVML, or on a node without the driver",
    check: "that gpu_nvml.so is among the plugins, and `nvidia-smi` on the node",
    do: "install a Slurm built with NVML, or name the devices in gres.conf",
    examples: [
      read(
        "gpu.c:107@24.11",
        "We were configured to autodetect nvml functionality, but we weren't able to find that lib when Slurm was configured.",
      ),
      read("gpu_nvml.c:178@20.11", "Failed to initialize NVML: Driver Not Loaded"),
    ],
  },
]);

const JOBS = about("jobs and cgroups", [
  {
    id: "cgroup-hybrid",
    daemons: ["slurmd", "slurmstepd"],
    says: /Hybrid mode is not supported/,
    cause: "cgroup/v2 was chosen on a host with cgroup v1 mounted beside it",
    check: "`mount -t cgroup,cgroup2`",
    do: "boot with systemd.unified_cgroup_hierarchy=1, or CgroupPlugin=cgroup/v1",
    examples: [read("cgroup_v2.c@22.05", "Hybrid mode is not supported. Mounted cgroups are: ")],
  },
  {
    id: "cgroup-broken",
    daemons: ["slurmd"],
    says: /Unable to initialize cgroup plugin|cannot find cgroup plugin|scope (?:and\/or cgroup directory )?for slurmstepd could not be set|cannot connect to dbus system daemon|Controller \S+ is not enabled!|cgroup namespace '\S+' not mounted/,
    cause:
      "slurmd cannot manage cgroups here: systemd or dbus is not there, or a controller is not delegated",
    check: "`cat /sys/fs/cgroup/cgroup.controllers`, that dbus runs, and cgroup.conf",
    do: "start dbus, set Delegate=yes for slurmd; in a container IgnoreSystemd=yes and a writable cgroup mount",
    examples: [
      read("cgroup_v2.c:504@24.11", "Unable to initialize cgroup plugin"),
      read("cgroup_v2.c:266@22.05", "scope and/or cgroup directory for slurmstepd could not be set."),
      read("xcgroup.c:109@20.11", "cgroup namespace 'freezer' not mounted. aborting"),
    ],
  },
  {
    id: "out-of-memory",
    daemons: ["slurmd", "slurmstepd"],
    says: /Detected \d+ oom[-_]kill event\(s\)/,
    cause: "a job used more memory than it asked for, and the kernel ended its processes",
    check: "MaxRSS in sacct against --mem",
    do: "ask for more memory, or find out why the job needs it",
    examples: [
      read(
        "task_cgroup_memory.c:349@22.05",
        "Detected 1 oom-kill event(s) in StepId=17.batch cgroup. Some of your processes may have been killed by the cgroup out-of-memory handler.",
      ),
      read(
        "task_cgroup_memory.c:302@24.11",
        "Detected 1 oom_kill event(s) in StepId=17.batch. Some of the step tasks have been OOM Killed.",
      ),
    ],
  },
  {
    id: "output-not-writable",
    daemons: ["slurmd", "slurmstepd"],
    says: /Could not open stdout file /,
    cause: "a job's output cannot be written on its node, so it fails at once and leaves no output",
    check: "that the job's folder is mounted and writable there, as the job's user",
    do: "mend the mount and drain the node until then: it takes one job after another",
    examples: [
      read("io.c:1060@24.11", "Could not open stdout file /home/ada/slurm-17.out: Stale file handle"),
    ],
  },
]);

/** By subject. The first of two that fit a line is told. */
export const KNOWN_SYMPTOMS: readonly KnownSymptom[] = [
  ...AUTHENTICATION,
  ...CONFIGURATION,
  ...ACCOUNTING,
  ...STATE,
  ...NODES,
  ...GPUS,
  ...JOBS,
];
