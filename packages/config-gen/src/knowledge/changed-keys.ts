import type { Change } from "./changes.ts";

type Facts = Omit<Change, "file" | "context" | "key" | "kind" | "in">;

const change =
  (file: string, context: string) =>
  (kind: Change["kind"], release: string, keys: string, facts: Facts): Change[] =>
    keys.split(" ").map((key) => ({ file, context, key, kind, in: release, ...facts }));

const slurm = change("slurm.conf", "");
const partition = change("slurm.conf", "PartitionName");
const cgroup = change("cgroup.conf", "");

const SAFE = "It is safe to remove the line.";
const DEFUNCT = 'The option "{key}" is defunct, please remove it from slurm.conf.';
const BY_24_11 = "parser tables: a plain key in 22.05.8, in 24.11.5 one that is only logged";

/** Keys that were removed, lost their effect, or got another name. */
export const CHANGED_KEYS: readonly Change[] = [
  ...slurm("deprecated", "18.08", "ControlMachine ControlAddr BackupController BackupAddr", {
    says: "Ignoring {key} since SlurmctldHost is set.",
    instead: "Write one SlurmctldHost=host(address) a controller, in the order of their turn.",
    source: "NEWS of 18.08.0pre2; the message on the real daemons of 20.11 to 26.05",
  }),
  ...slurm("removed", "19.05", "MemLimitEnforce", {
    says: "Invalid parameter MemLimitEnforce. The option is no longer supported, please use OverMemoryKill instead.",
    instead: "Write JobAcctGatherParams=OverMemoryKill.",
    source: "NEWS of 19.05.0pre2; fatal on the real daemon of 20.11",
  }),
  ...slurm("ignored", "20.02", "FastSchedule", {
    says: "Ignoring obsolete FastSchedule=1 option. Please remove from your configuration.",
    instead: "Remove FastSchedule=1, which is how Slurm works now.",
    source: "src/common/read_config.c of 22.05.8; the message on the real daemons of 20.11 to 26.05",
  }),
  ...slurm(
    "ignored",
    "20.11",
    "CacheGroups CheckpointType JobCheckpointDir SchedulerPort SchedulerRootFilter",
    {
      says: "Ignoring obsolete {key} option.",
      instead: SAFE,
      source: "libslurmfull.so of 20.11.4",
    },
  ),
  ...slurm("removed", "20.11", "AccountingStorageLoc", {
    says: "The AccountingStorageLoc option has been removed. It is safe to remove from your configuration.",
    instead: "Remove it; the database's name is StorageLoc in slurmdbd.conf.",
    source: "libslurmfull.so of 20.11.4; src/common/read_config.c of 22.05.8 and 24.11.5",
  }),
  ...slurm("removed", "20.11", "SallocDefaultCommand", {
    says: "SallocDefaultCommand has been removed. Please consider setting LaunchParameters=use_interactive_step instead.",
    instead: "Write LaunchParameters=use_interactive_step.",
    source: "NEWS of 20.11.0rc1; src/common/read_config.c of 24.11.5",
  }),
  ...slurm("ignored", "20.11", "SchedulerAuth", {
    says: 'The option "{key}" is defunct, see man slurm.conf.',
    instead: SAFE,
    source: "parser tables and real daemons of 20.11.4 and 22.05.8",
  }),
  ...slurm(
    "removed",
    "21.08",
    "CacheGroups CheckpointType JobCheckpointDir SchedulerPort SchedulerRootFilter",
    {
      instead: SAFE,
      source: "NEWS of 21.08.0rc1",
    },
  ),
  ...slurm(
    "removed",
    "21.08",
    "DefaultStorageHost DefaultStorageLoc DefaultStoragePass DefaultStoragePort DefaultStorageType DefaultStorageUser",
    {
      instead: "Write the AccountingStorage… or JobComp… parameter that was meant.",
      source: "NEWS of 21.08.0rc1",
    },
  ),
  ...slurm("removed", "21.08", "AccountingStoreJobComment", {
    says: "The AccountingStoreJobComment option has been removed, please use AccountingStoreFlags=job_comment option instead.",
    instead: "Write AccountingStoreFlags=job_comment.",
    source: "NEWS of 21.08.0rc1; src/common/read_config.c of 22.05.8 and 24.11.5",
  }),
  ...slurm("deprecated", "21.08", "SbcastParameters", {
    says: "SbcastParameters has been renamed to BcastParameters. Please update your configuration.",
    instead: "Write BcastParameters.",
    source: "NEWS of 21.08.0rc1; src/common/read_config.c of 24.11.5",
  }),
  ...slurm("deprecated", "22.05", "KeepAliveTime", {
    says: "KeepAliveTime parameter has moved to CommunicationParameters. Please update your config.",
    instead: "Write CommunicationParameters=keepalivetime=SECONDS.",
    source: "RELEASE_NOTES of 22.05; the message on the real daemons of 22.05 to 26.05",
  }),
  ...slurm("ignored", "23.02", "LaunchType", {
    instead: `${SAFE} There are no launch plugins any more.`,
    source: "NEWS of 23.02.0rc1; taken without effect by the real daemons of 24.11 and 26.05",
  }),
  ...slurm("ignored", "23.11", "RoutePlugin", {
    instead: "Write TopologyParam=RouteTree for what RoutePlugin=route/topology did.",
    source:
      "NEWS of 23.11.0rc1; src/common/read_config.c of 24.11.5 looks for the word tree in it and for nothing else",
  }),
  ...slurm("ignored", "24.05", "CoreSpecPlugin PowerPlugin PowerParameters", {
    says: DEFUNCT,
    instead: SAFE,
    source: `NEWS of 24.05.0rc1 (no more Cray XC); ${BY_24_11}`,
  }),
  ...slurm("ignored", "24.11", "ExtSensorsType ExtSensorsFreq", {
    says: DEFUNCT,
    instead: SAFE,
    source: BY_24_11,
  }),
  ...slurm("ignored", "24.11", "JobCredentialPrivateKey JobCredentialPublicCertificate", {
    says: DEFUNCT,
    instead: `${SAFE} Only the openssl credentials used these keys.`,
    source: BY_24_11,
  }),
  ...slurm("removed", "24.11", "SchedulerAuth SlurmctldPlugstack", {
    instead: SAFE,
    source: "parser tables: in that of 22.05.8, not in that of 24.11.5",
  }),
  ...slurm("removed", "25.05", "FrontendName", {
    says: "Parsing error at unrecognized key: {key}",
    instead: "Write NodeName lines; slurmds that share a host need --enable-multiple-slurmd.",
    source: "CHANGELOG of 25.05.0rc1; the message on the real daemon of 26.05",
  }),
  ...slurm("deprecated", "25.05", "GetEnvTimeout", {
    instead: `${SAFE} The limit is 120 seconds.`,
    source: "CHANGELOG of 25.05.0rc1",
  }),
  ...slurm("ignored", "26.05", "GetEnvTimeout", {
    says: DEFUNCT,
    instead: SAFE,
    source: "parser table and real daemon of 26.05.5",
  }),
  ...slurm("ignored", "25.11", "AccountingStorageUser", {
    says: DEFUNCT,
    instead: `${SAFE} The database's user is StorageUser in slurmdbd.conf.`,
    source: "CHANGELOG of 25.11.0rc1; parser table and real daemon of 26.05.5",
  }),
  ...slurm("deprecated", "25.11", "JobContainerType", {
    says: "JobContainerType has been replaced with NamespaceType and will be removed in a future release, please update your config.",
    instead: "Write NamespaceType=namespace/tmpfs.",
    source:
      "CHANGELOG of 25.11.0rc1 (job_container/tmpfs is namespace/tmpfs); the message on the real daemon of 26.05",
  }),
  ...slurm("deprecated", "20.11", "CryptoType", {
    instead: "Write CredType.",
    source:
      "src/common/read_config.c of 22.05.8 and 24.11.5 take it for CredType, and crypto/ for cred/; by 20.11 at the latest",
  }),
  ...slurm("deprecated", "20.11", "AcctGatherInfinibandType", {
    instead: "Write AcctGatherInterconnectType.",
    source:
      "src/common/read_config.c of 22.05.8 and 24.11.5 take it for AcctGatherInterconnectType; by 20.11 at the latest",
  }),
  ...partition("deprecated", "20.11", "Shared", {
    instead: "Write OverSubscribe.",
    source:
      "src/common/read_config.c of 22.05.8 and 24.11.5 take it where there is no OverSubscribe; by 20.11 at the latest",
  }),
  ...partition("deprecated", "20.11", "Priority", {
    instead: "Write PriorityTier for the order of scheduling, PriorityJobFactor for the jobs' priority.",
    source:
      "slurm.conf(5) has these two in its place, and src/common/read_config.c sets both from it; by 20.11 at the latest",
  }),
  ...partition("deprecated", "26.05", "ExclusiveUser", {
    instead: "Write Exclusive=USER.",
    source: "RELEASE_NOTES of 26.05; slurm.conf(5) of 26.05",
  }),
  ...partition("deprecated", "26.05", "ExclusiveTopo", {
    instead: "Write Exclusive=TOPO.",
    source: "RELEASE_NOTES of 26.05; slurm.conf(5) of 26.05",
  }),
  ...cgroup("ignored", "20.11", "CgroupReleaseAgentDir", {
    says: "Ignoring obsolete CgroupReleaseAgentDir option.",
    instead: SAFE,
    source: "libslurmfull.so of 20.11.4",
  }),
  ...cgroup("removed", "22.05", "CgroupReleaseAgentDir", {
    says: "Support for CgroupReleaseAgentDir option has been removed.",
    instead: SAFE,
    source: "RELEASE_NOTES of 22.05; src/common/cgroup.c of 22.05.8, src/interfaces/cgroup.c of 24.11.5",
  }),
  ...cgroup("removed", "22.05", "TaskAffinity", {
    instead: "Write TaskPlugin=task/affinity,task/cgroup in slurm.conf.",
    source: "RELEASE_NOTES of 22.05 (and NEWS of 21.08.2: TaskAffinity=yes)",
  }),
  ...cgroup("ignored", "22.05", "AllowedDevicesFile", {
    says: "AllowedDevicesFile option is obsolete, please remove it from your configuration.",
    instead: SAFE,
    source: "NEWS of 22.05.0rc1; the message on the real daemons of 22.05 to 26.05",
  }),
  ...cgroup("deprecated", "23.02", "AllowedKmemSpace ConstrainKmemSpace MaxKmemPercent MinKmemSpace", {
    instead: `${SAFE} The kernel no longer limits this memory by itself.`,
    source: "NEWS of 23.02.0rc1",
  }),
  ...cgroup("removed", "23.11", "AllowedKmemSpace ConstrainKmemSpace MaxKmemPercent MinKmemSpace", {
    instead: `${SAFE} The kernel no longer limits this memory by itself.`,
    source: "NEWS of 23.11.0rc1",
  }),
  ...cgroup("ignored", "23.11", "CgroupAutomount", {
    says: 'The option "{key}" is defunct, please remove it from cgroup.conf.',
    instead: SAFE,
    source:
      "NEWS of 23.11.0rc1; src/interfaces/cgroup.c of 24.11.5; the message on the real daemons of 24.11 and 26.05",
  }),
  ...change("helpers.conf", "")("removed", "23.02", "NodeRebootWeight", {
    instead: SAFE,
    source: "NEWS of 23.02.0rc1 (node_features_p_reboot_weight() is gone); parser table of 24.11.5",
  }),
  ...change("topology.conf", "")("renamed", "24.05", "BlockLevels", {
    instead: "Write BlockSizes.",
    source: "NEWS of 24.05.0rc1",
  }),
];
