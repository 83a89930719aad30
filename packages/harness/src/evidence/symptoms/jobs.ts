import { type KnownSymptom, read, seen } from "./symptom.ts";

export const JOBS: readonly KnownSymptom[] = [
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
    examples: [seen("24.11", "Could not open stdout file /home/ada/lost.out: Stale file handle")],
  },
];
