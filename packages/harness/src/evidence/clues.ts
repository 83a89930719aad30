/** A known symptom turned into a likely cause. */
interface Clue {
  readonly symptom: RegExp;
  readonly cause: string;
}

/** Texts are Slurm's, munge's and MariaDB's own. Only what was seen or stands in their sources. */
const CLUES: readonly Clue[] = [
  {
    symptom: /Munge decode failed: Invalid credential/,
    cause: "two nodes have different munge keys, or munged was not restarted after its key changed",
  },
  {
    symptom: /Munge decode failed: (Rewound|Expired) credential/,
    cause: "the clocks of two nodes differ by more than a munge credential lives",
  },
  { symptom: /Munge encode failed: Failed to access/, cause: "munged does not run on this node" },
  {
    symptom: /can't stat gres\.conf file (\S+)/,
    cause: "gres.conf names a GPU device that the node does not have",
  },
  {
    symptom: /gres\/gpu count reported lower than configured \((\d+) < (\d+)\)/,
    cause: "the node found fewer GPUs than slurm.conf gives it",
  },
  { symptom: /Low RealMemory/, cause: "slurm.conf gives the node more memory than it has" },
  {
    symptom: /Low socket\*core\*thread count|Low CPUs/,
    cause: "slurm.conf gives the node more CPUs than it has, without config_overrides",
  },
  {
    symptom: /Hybrid mode is not supported/,
    cause: "cgroup/v2 was chosen on a host with cgroup v1 mounted beside it",
  },
  {
    symptom: /cannot find cgroup plugin|Couldn't find the specified plugin name for cgroup/,
    cause: "cgroup.conf asks for a plugin that this Slurm does not have",
  },
  { symptom: /Access denied for user/, cause: "slurmdbd.conf's StoragePass is not the database's password" },
  {
    symptom: /slurmdbd\.conf (file \S+ should be 600|not owned by|owned by)/,
    cause: "slurmdbd.conf must belong to SlurmUser and be readable by no one else",
  },
  {
    symptom: /Parsing error at unrecognized key: (\S+)/,
    cause: "a configuration file has a key that this Slurm does not know",
  },
];

/** Causes of the symptoms that the texts show, each once, with the line that showed it. */
export function findClues(texts: readonly string[]): string[] {
  const found = new Map<string, string>();
  for (const text of texts) {
    for (const { symptom, cause } of CLUES) {
      const line = found.has(cause) ? undefined : text.split("\n").find((each) => symptom.test(each));
      if (line) found.set(cause, `${cause}: "${line.trim().slice(0, 200)}"`);
    }
  }
  return [...found.values()];
}
