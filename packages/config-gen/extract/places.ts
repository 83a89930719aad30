/** Where a parser table belongs, and how it is recognised. */
export interface Place {
  readonly file: string;
  /** `""`, or the first key of the lines that the table is for. */
  readonly context: string;
  /** Which programs and libraries may have it. */
  readonly in: RegExp;
  /** Keys that it has in every release. */
  readonly anchors: readonly string[];
  /** Keys that a table looking much like it has and it has not. */
  readonly without?: readonly string[];
}

const LIBRARY = /^libslurmfull\.so$/;

/**
 * One line a table. Several plugins may read one file, and then what any of them takes is taken; which plugin is in
 * use is not for a table to say.
 */
export const PLACES: readonly Place[] = [
  { file: "slurm.conf", context: "", in: LIBRARY, anchors: ["ClusterName", "SlurmctldPort", "NodeName"] },
  { file: "slurm.conf", context: "NodeName", in: LIBRARY, anchors: ["CoresPerSocket", "NodeHostname"] },
  { file: "slurm.conf", context: "PartitionName", in: LIBRARY, anchors: ["AllocNodes", "OverSubscribe"] },
  {
    file: "slurm.conf",
    context: "DownNodes",
    in: LIBRARY,
    anchors: ["Reason", "State"],
    without: ["FrontendAddr", "NodeAddr"],
  },
  {
    file: "slurm.conf",
    context: "NodeSet",
    in: LIBRARY,
    anchors: ["Feature", "Nodes"],
    without: ["NodeAddr"],
  },
  { file: "slurm.conf", context: "FrontendName", in: LIBRARY, anchors: ["FrontendAddr"] },
  { file: "slurm.conf", context: "PowerAction", in: LIBRARY, anchors: ["Program", "Location"] },
  { file: "slurmdbd.conf", context: "", in: /^slurmdbd$/, anchors: ["DbdHost", "StorageType"] },
  { file: "gres.conf", context: "", in: LIBRARY, anchors: ["AutoDetect", "Name", "NodeName"] },
  {
    file: "gres.conf",
    context: "Name",
    in: LIBRARY,
    anchors: ["AutoDetect", "MultipleFiles"],
    without: ["NodeName"],
  },
  {
    file: "gres.conf",
    context: "NodeName",
    in: LIBRARY,
    anchors: ["AutoDetect", "MultipleFiles"],
    without: ["NodeName"],
  },
  { file: "cgroup.conf", context: "", in: LIBRARY, anchors: ["CgroupMountpoint", "ConstrainCores"] },
  {
    file: "topology.conf",
    context: "",
    in: /^topology_(tree|hypercube|block|ring)\.so$/,
    anchors: [],
    without: ["Nodes"],
  },
  {
    file: "topology.conf",
    context: "SwitchName",
    in: /^topology_(tree|hypercube)\.so$/,
    anchors: ["LinkSpeed", "Nodes"],
  },
  { file: "topology.conf", context: "BlockName", in: /^topology_block\.so$/, anchors: ["Nodes"] },
  { file: "topology.conf", context: "RingName", in: /^topology_ring\.so$/, anchors: ["Nodes"] },
  { file: "acct_gather.conf", context: "", in: /^acct_gather_.*\.so$/, anchors: [] },
  {
    file: "job_container.conf",
    context: "",
    in: /^(job_container|namespace)_tmpfs\.so$/,
    anchors: ["AutoBasePath", "NodeName"],
  },
  {
    file: "job_container.conf",
    context: "BasePath",
    in: /^(job_container|namespace)_tmpfs\.so$/,
    anchors: ["AutoBasePath", "InitScript"],
    without: ["NodeName"],
  },
  {
    file: "job_container.conf",
    context: "NodeName",
    in: /^(job_container|namespace)_tmpfs\.so$/,
    anchors: ["AutoBasePath", "InitScript"],
    without: ["NodeName"],
  },
  { file: "helpers.conf", context: "", in: /^node_features_helpers\.so$/, anchors: ["MutuallyExclusive"] },
  { file: "helpers.conf", context: "Feature", in: /^node_features_helpers\.so$/, anchors: ["Helper"] },
  { file: "helpers.conf", context: "NodeName", in: /^node_features_helpers\.so$/, anchors: ["Helper"] },
  { file: "mpi.conf", context: "", in: /^mpi_.*\.so$/, anchors: ["PMIxDebug"] },
  {
    file: "oci.conf",
    context: "",
    in: /^(libslurmfull\.so|slurmstepd(-wlm)?)$/,
    anchors: ["ContainerPath", "RunTimeRun"],
  },
  { file: "burst_buffer.conf", context: "", in: /^burst_buffer_.*\.so$/, anchors: ["StageInTimeout"] },
];
