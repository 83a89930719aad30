/** Keys of slurm.conf that a shrunk cluster does not take over, with the reason, in lower case. */
export function managedBy(key: string): string | undefined {
  const name = key.toLowerCase();
  return MANAGED.find(({ keys }) => keys.some((each) => each.toLowerCase() === name))?.why;
}

const MANAGED: ReadonlyArray<{ readonly why: string; readonly keys: readonly string[] }> = [
  {
    why: "the lab's own machines take this part",
    keys: [
      "ClusterName",
      "SlurmctldHost",
      "ControlMachine",
      "ControlAddr",
      "BackupController",
      "BackupAddr",
      "SlurmctldAddr",
      "SlurmUser",
      "SlurmdUser",
      "SlurmctldPort",
      "SlurmdPort",
      "SrunPortRange",
      "CommunicationParameters",
      "AccountingStorageType",
      "AccountingStorageHost",
      "AccountingStorageBackupHost",
      "AccountingStorageExternalHost",
      "AccountingStoragePort",
      "AccountingStorageUser",
      "AccountingStoragePass",
      "AccountingStorageLoc",
      "DefaultStorageType",
      "DefaultStorageHost",
      "DefaultStoragePort",
      "DefaultStorageUser",
      "DefaultStoragePass",
      "DefaultStorageLoc",
      "FederationParameters",
      "MailDomain",
      "MailProg",
    ],
  },
  {
    why: "files go where the lab's images have them",
    keys: [
      "StateSaveLocation",
      "SlurmdSpoolDir",
      "SlurmctldPidFile",
      "SlurmdPidFile",
      "SlurmctldLogFile",
      "SlurmdLogFile",
      "SlurmSchedLogFile",
      "SlurmSchedLogLevel",
      "SlurmctldSyslogDebug",
      "SlurmdSyslogDebug",
      "PluginDir",
      "PlugStackConfig",
      "SlurmctldPlugstack",
      "TmpFS",
      "SlurmctldPrimaryOnProg",
      "SlurmctldPrimaryOffProg",
      "DependencyParametersFile",
    ],
  },
  {
    why: "keys and tokens are made fresh for each cluster",
    keys: [
      "AuthType",
      "AuthInfo",
      "AuthAltTypes",
      "AuthAltParameters",
      "CredType",
      "CryptoType",
      "JobCredentialPrivateKey",
      "JobCredentialPublicCertificate",
      "TLSType",
      "TLSParameters",
      "CertmgrType",
      "CertmgrParameters",
      "CertgenType",
      "CertgenParameters",
    ],
  },
  {
    why: "depends on what a container may do here, and is decided when the cluster starts",
    keys: [
      "ProctrackType",
      "TaskPlugin",
      "TaskPluginParam",
      "JobAcctGatherType",
      "JobContainerType",
      "JobContainerPlugin",
      "NamespaceType",
      "UsePAM",
    ],
  },
  {
    why: "needs hardware or a service that a laptop has not",
    keys: [
      "AcctGatherEnergyType",
      "AcctGatherFilesystemType",
      "AcctGatherInterconnectType",
      "AcctGatherInfinibandType",
      "AcctGatherProfileType",
      "AcctGatherNodeFreq",
      "SwitchType",
      "SwitchParameters",
      "BurstBufferType",
      "ExtSensorsType",
      "ExtSensorsFreq",
      "PowerPlugin",
      "PowerParameters",
      "CoreSpecPlugin",
      "NodeFeaturesPlugins",
      "JobCompType",
      "JobCompHost",
      "JobCompLoc",
      "JobCompParams",
      "JobCompPass",
      "JobCompPort",
      "JobCompUser",
      "JobCompPassScript",
      "CpuFreqDef",
      "CpuFreqGovernors",
      "GpuFreqDef",
      "MpiDefault",
      "MpiParams",
      "LaunchType",
      "X11Parameters",
      "MetricsType",
    ],
  },
  {
    why: "power saving is off: every node is up",
    keys: [
      "SuspendProgram",
      "ResumeProgram",
      "ResumeFailProgram",
      "SuspendTime",
      "SuspendTimeout",
      "ResumeTimeout",
      "SuspendRate",
      "ResumeRate",
      "SuspendExcNodes",
      "SuspendExcParts",
      "SuspendExcStates",
    ],
  },
  { why: "written from what the specification has", keys: ["GresTypes", "TopologyPlugin"] },
];

/**
 * The lab's settings that would change what jobs see: taken out where the site says nothing, so that Slurm's own
 * default holds as it does there.
 */
export const LAB_POLICIES = [
  "DefMemPerCPU",
  "ReturnToService",
  "SelectType",
  "SelectTypeParameters",
  "SchedulerType",
] as const;

/** Keys of a partition that name people or other partitions' worlds. */
export const PARTITION_LEFT: ReadonlyMap<string, string> = new Map(
  Object.entries({
    allowgroups: "the lab has no Unix groups of the site",
    denygroups: "the lab has no Unix groups of the site",
    allocnodes: "it names login nodes that are not there",
    suspendtime: "power saving is off: every node is up",
    suspendtimeout: "power saving is off: every node is up",
    resumetimeout: "power saving is off: every node is up",
    powerdownonidle: "power saving is off: every node is up",
  }),
);

/** Keys of a node that are about its address, or that say it is not up. */
export const NODE_LEFT: ReadonlyMap<string, string> = new Map(
  Object.entries({
    nodeaddr: "the lab has its own addresses",
    nodehostname: "the lab has its own addresses",
    bcastaddr: "the lab has its own addresses",
    port: "the lab has its own addresses",
    state: "every node is up",
    reason: "every node is up",
    cpubind: "a node here has fewer cores than it shows",
    corespeccount: "a node here has fewer cores than it shows",
    cpuspeclist: "a node here has fewer cores than it shows",
  }),
);

/** The part of cgroup.conf that is policy; the rest is the lab's. */
export const CGROUP_KEPT: readonly string[] = [
  "constrainramspace",
  "constraindevices",
  "allowedramspace",
  "maxrampercent",
  "minramspace",
];

/** The part of slurmdbd.conf that is policy. */
export const SLURMDBD_KEPT: readonly string[] = [
  "privatedata",
  "trackwckey",
  "trackslurmctlddown",
  "allownodefacct",
  "maxquerytimerange",
];
