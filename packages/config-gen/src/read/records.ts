/**
 * Keys that start a record: the rest of their line belongs to them. Every release's, so that a file for an old one is
 * read as it was meant (FrontendName went in 25.05).
 */
const RECORDS: Readonly<Record<string, readonly string[]>> = {
  "slurm.conf": ["NodeName", "PartitionName", "DownNodes", "NodeSet", "FrontendName"],
  "gres.conf": ["NodeName", "Name"],
  "topology.conf": ["SwitchName", "BlockName"],
  "helpers.conf": ["NodeName", "Feature"],
  "job_container.conf": ["NodeName", "BasePath"],
};

/** In lower case. */
export function recordsOf(file: string): ReadonlySet<string> {
  return new Set((RECORDS[file] ?? []).map((key) => key.toLowerCase()));
}
