import { type KnownSymptom, read, SLURM } from "./symptom.ts";

export const CONFIGURATION: readonly KnownSymptom[] = [
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
];
