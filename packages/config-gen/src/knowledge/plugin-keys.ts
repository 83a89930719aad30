/** How a key names plugins. */
export interface PluginKey {
  /** The plugin type: `select`. */
  readonly type: string;
  /** True where several may be given, with commas between them. */
  readonly list: boolean;
  /** True where the value is written without its type: `JobSubmitPlugins=lua`, not `job_submit/lua`. */
  readonly bare: boolean;
}

const one = (type: string): PluginKey => ({ type, list: false, bare: false });
const several = (type: string): PluginKey => ({ type, list: true, bare: false });

/** Which key of slurm.conf, slurmdbd.conf or cgroup.conf takes plugins of which type. */
export const PLUGIN_KEYS: Readonly<Record<string, PluginKey>> = {
  AccountingStorageType: one("accounting_storage"),
  AcctGatherEnergyType: several("acct_gather_energy"),
  AcctGatherFilesystemType: one("acct_gather_filesystem"),
  AcctGatherInterconnectType: several("acct_gather_interconnect"),
  AcctGatherProfileType: one("acct_gather_profile"),
  AuthAltTypes: several("auth"),
  AuthType: one("auth"),
  BurstBufferType: one("burst_buffer"),
  CertgenType: one("certgen"),
  CertmgrType: one("certmgr"),
  CgroupPlugin: one("cgroup"),
  CliFilterPlugins: { type: "cli_filter", list: true, bare: true },
  CoreSpecPlugin: one("core_spec"),
  CredType: one("cred"),
  DefaultStorageType: one("accounting_storage"),
  ExtSensorsType: one("ext_sensors"),
  HashPlugin: one("hash"),
  HttpParserType: one("http_parser"),
  JobAcctGatherType: one("jobacct_gather"),
  JobCompType: one("jobcomp"),
  JobContainerType: one("job_container"),
  JobSubmitPlugins: { type: "job_submit", list: true, bare: true },
  LaunchType: one("launch"),
  MCSPlugin: one("mcs"),
  MetricsType: one("metrics"),
  MpiDefault: { type: "mpi", list: false, bare: true },
  NamespaceType: one("namespace"),
  NodeFeaturesPlugins: several("node_features"),
  PowerPlugin: one("power"),
  PreemptType: one("preempt"),
  PrEpPlugins: several("prep"),
  PrioritySiteFactorPlugin: one("site_factor"),
  PriorityType: one("priority"),
  ProctrackType: one("proctrack"),
  RoutePlugin: one("route"),
  SchedulerType: one("sched"),
  SelectType: one("select"),
  SlurmctldPlugstack: several("slurmctld"),
  StorageType: one("accounting_storage"),
  SwitchType: one("switch"),
  TaskPlugin: several("task"),
  TLSType: one("tls"),
  TopologyPlugin: one("topology"),
  UrlParserType: one("url_parser"),
};
