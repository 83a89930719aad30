import type { Change } from "./changes.ts";

type Facts = Omit<Change, "file" | "context" | "key" | "kind" | "in" | "value">;

const value =
  (file: string, kind: Change["kind"]) =>
  (release: string, key: string, values: string, facts: Facts): Change[] =>
    values.split(" ").map((value) => ({ file, context: "", key, kind, in: release, value, ...facts }));

const removed = value("slurm.conf", "value-removed");
const deprecated = value("slurm.conf", "value-deprecated");

const CRAY = { instead: "There is none: Slurm no longer runs on Cray XC.", source: "NEWS of 24.05.0rc1" };
const GONE = "not among the packages' plugins and not in src/plugins";

/** Values that were removed or are to be: plugins, flags and options in lists. */
export const CHANGED_VALUES: readonly Change[] = [
  ...removed("20.02", "FastSchedule", "0", {
    says: "The FastSchedule option has been removed. Please update your configuration.",
    instead: "Remove the line.",
    source: "src/common/read_config.c of 22.05.8 and 24.11.5; NEWS of 19.05.3 announces it",
  }),
  ...removed("20.02", "FastSchedule", "2", {
    says: "The FastSchedule option has been removed. The FastSchedule=2 functionality is available through the SlurmdParameters=config_overrides option.",
    instead: "Write SlurmdParameters=config_overrides.",
    source: "src/common/read_config.c of 22.05.8 and 24.11.5; NEWS of 19.05.3 announces it",
  }),
  ...deprecated("20.02", "MpiDefault", "openmpi", {
    instead: "Write MpiDefault=none, which is what it means.",
    source: "NEWS of 20.02.0pre1; src/interfaces/mpi.c of 24.11.5",
  }),
  ...removed("20.02", "SchedulerParameters", "max_job_bf", {
    says: "Invalid parameter max_job_bf. The option is no longer supported, please use bf_max_job_test instead.",
    instead: "Write bf_max_job_test.",
    source: "NEWS of 20.02.0pre1; sched_backfill.so of 20.11.4 to 26.05.5",
  }),
  ...deprecated("20.02", "SchedulerParameters", "max_depend_depth kill_invalid_depend", {
    says: "{value} is deprecated in SchedulerParameters and moved to DependencyParameters",
    instead: "Write it in DependencyParameters.",
    source: "NEWS of 20.02.0 and 20.02.0pre1; slurmctld of 20.11.4",
  }),
  ...removed("20.11", "SchedulerParameters", "default_gbytes", {
    instead: "Give units with memory sizes.",
    source: "NEWS of 20.11.0rc1",
  }),
  ...removed("20.11", "AccountingStorageType", "accounting_storage/filetxt", {
    instead: "Write AccountingStorageType=accounting_storage/slurmdbd.",
    source: "NEWS of 20.11.0rc1",
  }),
  ...removed("20.11", "AcctGatherEnergyType", "acct_gather_energy/cray_aries", {
    instead: "Write acct_gather_energy/pm_counters.",
    source: "NEWS of 20.11.0rc1",
  }),
  ...removed("21.08", "SchedulerType", "sched/hold", {
    instead: "Write SchedulerType=sched/backfill.",
    source: "NEWS of 21.08.0rc1",
  }),
  ...removed("22.05", "BurstBufferType", "burst_buffer/generic", {
    instead: "Write BurstBufferType=burst_buffer/lua, with a script.",
    source: `in the packages of 20.11.4; ${GONE} of 22.05.8`,
  }),
  ...deprecated("22.05", "AcctGatherEnergyType", "acct_gather_energy/rsmi", {
    instead: "Write acct_gather_energy/gpu.",
    source: "RELEASE_NOTES of 22.05; src/common/read_config.c of 24.11.5 takes one for the other",
  }),
  ...removed("22.05", "JobCompParams", "connect_timeout timeout", {
    instead: "Remove the option.",
    source: "NEWS of 22.05.0rc1",
  }),
  ...deprecated("20.11", "SelectTypeParameters", "CR_ALLOCATE_FULL_SOCKET", {
    says: "CR_ALLOCATE_FULL_SOCKET is deprecated.  It is now the default for CR_SOCKET*.  It is safe to remove it from your slurm.conf",
    instead: "Remove it.",
    source: "libslurmfull.so of 20.11.4 and 22.05.8",
  }),
  ...removed("24.11", "SelectTypeParameters", "CR_ALLOCATE_FULL_SOCKET", {
    says: "Bad SelectTypeParameter: {value}",
    instead: "Remove it: it is how CR_Socket works now.",
    source: "fatal on the real daemon of 24.11, taken by that of 22.05; by 24.11 at the latest",
  }),
  ...removed("22.05", "DebugFlags", "Task", {
    says: "DebugFlag Task has been removed, please use CPU_Bind",
    instead: "Write CPU_Bind.",
    source: "src/common/read_config.c of 22.05.8 and 24.11.5; not in 20.11.4",
  }),
  ...deprecated("23.02", "DebugFlags", "Elasticsearch", {
    instead: "Write JobComp.",
    source: "NEWS of 23.02.0rc1; slurm.conf(5) of 24.11",
  }),
  ...removed("23.02", "LaunchType", "launch/slurm", {
    instead: "Remove the line.",
    source: "NEWS of 23.02.0rc1",
  }),
  ...removed("23.11", "SelectType", "select/cons_res", {
    says: "Can't find plugin for {value}",
    // By 26.05 at the latest; which release between is not known.
    saysLater: { in: "26.05", says: "cannot create select context for {value}" },
    instead: "Write SelectType=select/cons_tres.",
    source:
      "NEWS of 23.11.0rc1; the messages on the real daemons of 24.11 (fatal) and 26.05 (which then ends)",
  }),
  ...removed("23.11", "RoutePlugin", "route/topology", {
    instead: "Write TopologyParam=RouteTree.",
    source: "NEWS of 23.11.0rc1",
  }),
  ...removed("23.11", "CommunicationParameters", "NoAddrCache", {
    says: 'The CommunicationParameters option "NoAddrCache" is defunct, please remove it from slurm.conf.',
    instead: "Remove the option.",
    source: "NEWS of 23.11.0rc1; libslurmfull.so of 24.11.5 and 26.05.5",
  }),
  ...removed("23.11", "SlurmctldParameters", "cloud_reg_addrs", {
    says: 'The SlurmctldParameters option "cloud_reg_addrs" is defunct, please remove it from slurm.conf.',
    instead: "Remove the option: it is how Slurm works now.",
    source: "NEWS of 23.11.0rc1; libslurmfull.so of 24.11.5 and 26.05.5",
  }),
  ...removed("24.05", "SelectType", "select/cray_aries", { ...CRAY, says: "Can't find plugin for {value}" }),
  ...removed("24.05", "SwitchType", "switch/cray_aries", CRAY),
  ...removed("24.05", "TaskPlugin", "task/cray_aries", CRAY),
  ...removed("24.05", "ProctrackType", "proctrack/cray_aries", CRAY),
  ...removed("24.05", "JobSubmitPlugins", "cray_aries", CRAY),
  ...removed("24.05", "PowerPlugin", "power/cray_aries", CRAY),
  ...removed("24.05", "CoreSpecPlugin", "core_spec/cray_aries", CRAY),
  ...removed("24.05", "NodeFeaturesPlugins", "node_features/knl_cray", CRAY),
  ...removed("24.11", "BurstBufferType", "burst_buffer/none", {
    says: "cannot create burst_buffer context for {value}",
    instead: "Remove the line.",
    source:
      "there never was such a plugin: the real daemons of 22.05 go on with an error, those of 24.11 and 26.05 end; by 24.11 at the latest",
  }),
  ...removed("24.11", "TopologyPlugin", "topology/hypercube", {
    says: "cannot find topo plugin for {value}",
    instead: "Write TopologyPlugin=topology/tree.",
    source: `in the packages of 22.05.8; ${GONE} of 24.11.5`,
  }),
  ...removed("24.11", "JobContainerType", "job_container/cncu", {
    instead: "Write JobContainerType=job_container/tmpfs.",
    source: `in the packages of 22.05.8; ${GONE} of 24.11.5`,
  }),
  ...removed("24.11", "ExtSensorsType", "ext_sensors/rrd", {
    instead: "Remove the line.",
    source: `in the packages of 22.05.8; ${GONE} of 24.11.5`,
  }),
  ...removed("25.05", "LogTimeFormat", "format_stderr", {
    instead: "Remove it: the log and standard error look the same.",
    source: "CHANGELOG of 25.05.0rc1",
  }),
  ...deprecated("25.05", "SchedulerParameters", "no_env_cache requeue_setup_env_fail", {
    instead: "Remove the option.",
    source: "CHANGELOG of 25.05.0rc1",
  }),
  ...value("cgroup.conf", "value-deprecated")("25.05", "CgroupPlugin", "cgroup/v1", {
    says: "cgroup/v1 plugin is deprecated, please upgrade to cgroup/v2 at your earliest convenience",
    instead: "Write CgroupPlugin=cgroup/v2, on a kernel that mounts cgroup v2 only.",
    source: "CHANGELOG of 25.05.0rc1; the message on the real daemon of 26.05",
  }),
  ...removed("25.11", "NodeFeaturesPlugins", "node_features/knl_generic", {
    instead: "Write NodeFeaturesPlugins=node_features/helpers.",
    source: "CHANGELOG of 25.11.0rc1",
  }),
  ...deprecated("25.11", "JobContainerType", "job_container/tmpfs", {
    instead: "Write NamespaceType=namespace/tmpfs.",
    source: "CHANGELOG of 25.11.0rc1; still taken by the real daemon of 26.05, for namespace/tmpfs",
  }),
  ...deprecated("25.11", "DebugFlags", "JobContainer", {
    instead: "Write Namespace.",
    source: "CHANGELOG of 25.11.0rc1; libslurmfull.so of 26.05.5 still has the word",
  }),
  ...removed("26.05", "SchedulerParameters", "enable_job_state_cache", {
    instead: "Remove the option.",
    source: "RELEASE_NOTES of 26.05",
  }),
  ...removed("26.05", "TopologyPlugin", "topology/3d_torus", {
    instead: "Write topology.yaml with torus3d.",
    source: "in the packages of 24.11.5; those of 26.05.5 have topology_torus3d.so, another plugin",
  }),
  {
    file: "slurm.conf",
    context: "PartitionName",
    key: "OverSubscribe",
    kind: "value-deprecated",
    in: "26.05",
    value: "EXCLUSIVE",
    instead: "Write Exclusive=NODE.",
    source: "slurm.conf(5) of 26.05",
  },
];
