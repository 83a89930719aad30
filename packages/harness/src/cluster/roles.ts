import { type ClusterPlan, type Role, since, stateOnNfs } from "@slurmlab/config-gen";
import { SLURMRESTD_PORT } from "../slurm/rest.ts";

/** Every daemon that a node can have, by the name of its program; each behind those that it needs. */
export const DAEMONS = [
  "munged",
  "sackd",
  "mariadbd",
  "ganesha",
  "slurmdbd",
  "slurmctld",
  "slurmd",
  "slurmrestd",
] as const;

/** A program that the supervisor runs on a node. */
export interface Daemon {
  readonly name: (typeof DAEMONS)[number];
  /** What must answer before it is started: a socket on its own node, or a port of the node with a role. */
  readonly needs: ReadonlyArray<{ readonly socket: string } | { readonly role: Role; readonly port: number }>;
  /** The port it listens on; undefined for one that nobody waits for. What needs nothing is started by the node's init. */
  readonly port: number | undefined;
  /** The socket on its own node where one without a port answers. */
  readonly socket?: string;
}

/** What a role means for a node. */
interface RoleParts {
  readonly daemons: readonly Daemon[];
  /** Capabilities beyond the common ones, each with its reason. */
  readonly capabilities: Readonly<Record<string, string>>;
  /** Paths on volumes of their own, so that a container of another version can take them over. */
  readonly volumes: readonly string[];
  /** Shares /home with the other nodes that have it. */
  readonly home: boolean;
}

const mungeSocket = { socket: "/run/munge/munge.socket.2" };
const munged: Daemon = { name: "munged", needs: [], port: undefined, ...mungeSocket };
/** What clients ask for credentials with auth/slurm where no other Slurm daemon runs. */
const sackd: Daemon = { name: "sackd", needs: [], port: undefined, socket: "/run/slurm/sack.socket" };

/** What every node has, as daemons start as root and become another user; each with its reason. */
const COMMON_PRIVILEGES: Readonly<Record<string, string>> = {
  CHOWN: "files are given to the daemons' users when the node starts",
  DAC_OVERRIDE: "root reads and writes what belongs to those users",
  FOWNER: "modes of files that belong to them are set",
  SETUID: "daemons become slurm, munge, mysql",
  SETGID: "the same, their groups",
  KILL: "the supervisor signals daemons of other users",
};
export const COMMON_CAPABILITIES: readonly string[] = Object.keys(COMMON_PRIVILEGES);

/** Up to 20.11 of slurmrestd, which takes name spaces of its own, and knows no switch for it. */
const OLD_SLURMRESTD = { SYS_ADMIN: "slurmrestd 20.11 always takes name spaces of its own" };

/** With storage: nfs, on what has no other use for it. */
const MOUNTS_HOME = { SYS_ADMIN: "/home is mounted by NFS" };
/** With nfs: { state: true }. */
const MOUNTS_STATE = { SYS_ADMIN: "StateSaveLocation is mounted by NFS" };
const NFS_PORT = 2049;

/** Ports are Slurm's and MariaDB's defaults. One entry a role: a new role is one entry here and one in config-gen. */
const ROLE_PARTS: Readonly<Record<Role, RoleParts>> = {
  database: {
    daemons: [{ name: "mariadbd", needs: [], port: 3306 }],
    capabilities: {},
    volumes: [],
    home: false,
  },
  slurmdbd: {
    daemons: [
      munged,
      { name: "slurmdbd", needs: [mungeSocket, { role: "database", port: 3306 }], port: 6819 },
    ],
    capabilities: {},
    volumes: ["/run/munge", "/var/log/slurm"],
    home: false,
  },
  slurmctld: {
    // Started before slurmdbd answers, slurmctld would have to wait for its own retry.
    daemons: [
      munged,
      { name: "slurmctld", needs: [mungeSocket, { role: "slurmdbd", port: 6819 }], port: 6817 },
    ],
    capabilities: {},
    volumes: ["/run/munge", "/var/log/slurm", "/var/spool/slurmctld"],
    home: false,
  },
  login: {
    daemons: [munged],
    capabilities: {},
    volumes: ["/run/munge", "/var/log/slurm"],
    home: true,
  },
  nfs: {
    daemons: [{ name: "ganesha", needs: [], port: NFS_PORT }],
    capabilities: {
      DAC_READ_SEARCH: "NFS-Ganesha opens files by their handles",
      SYS_ADMIN: "it asks for those handles, which the seccomp profile of Docker 20.10 keeps to this",
    },
    volumes: ["/var/log/slurm"],
    home: true,
  },
  slurmrestd: {
    // Clients bring a token (auth/jwt), so it needs no munged of its own.
    daemons: [{ name: "slurmrestd", needs: [{ role: "slurmctld", port: 6817 }], port: SLURMRESTD_PORT }],
    capabilities: {},
    volumes: ["/var/log/slurm"],
    home: false,
  },
  slurmd: {
    daemons: [
      munged,
      { name: "slurmd", needs: [mungeSocket, { role: "slurmctld", port: 6817 }], port: 6818 },
    ],
    capabilities: {
      SYS_ADMIN: "cgroups are mounted writable; device programs of cgroup v2",
      MKNOD: "device nodes of mock GPUs",
      SYS_NICE: "PropagatePrioProcess, and tasks of other users are bound to CPUs",
      SYS_PTRACE: "proctrack reads /proc of other users' processes",
      SYS_CHROOT: "slurmstepd's support of containers calls chroot",
      AUDIT_WRITE: "PAM sessions of jobs",
    },
    volumes: ["/run/munge", "/var/log/slurm", "/var/spool/slurmd"],
    home: true,
  },
};

/** What of a plan decides on a node's parts. */
type Deciding = Pick<ClusterPlan, "auth" | "slurm" | "storage" | "nfs">;

/** The parts of all roles of a node together; daemons once each, in the order in which they can be started. */
export function partsOf(roles: readonly Role[], plan: Deciding) {
  const parts = roles.map((role) => ROLE_PARTS[role]);
  const unshares = roles.includes("slurmrestd") && !since(plan.slurm, "22.05");
  const named = new Map(parts.flatMap((part) => part.daemons).map((daemon) => [daemon.name, daemon]));
  const daemons = DAEMONS.flatMap((name) => named.get(name) ?? []);
  const home = parts.some((part) => part.home);
  const mountsHome = home && plan.storage === "nfs" && !roles.includes("nfs");
  const byNfs = plan.storage === "nfs" && stateOnNfs(plan);
  const mountsState = byNfs && roles.includes("slurmctld");
  return {
    daemons: plan.auth === "slurm" ? withoutMunge(daemons) : daemons,
    capabilities: [
      ...new Set([
        ...COMMON_CAPABILITIES,
        ...parts.flatMap((part) => Object.keys(part.capabilities)),
        ...(unshares ? Object.keys(OLD_SLURMRESTD) : []),
        ...(mountsHome ? Object.keys(MOUNTS_HOME) : []),
        ...(mountsState ? Object.keys(MOUNTS_STATE) : []),
      ]),
    ],
    volumes: [...new Set(parts.flatMap((part) => part.volumes))],
    /** Has the volume of /home. */
    home: home && !mountsHome,
    /** Mounts /home from the NFS server instead. */
    mountsHome,
    /** Mounts StateSaveLocation from there. */
    mountsState,
    /** Has the volume of StateSaveLocation for those that mount it. */
    servesState: byNfs && roles.includes("nfs"),
  };
}

/** Those of a node's daemons that are Slurm's own, and so change with its release: not munged, not the database, not the NFS server. */
export function slurmDaemons(roles: readonly Role[], plan: Deciding): Array<Daemon["name"]> {
  return partsOf(roles, plan)
    .daemons.map((daemon) => daemon.name)
    .filter((name) => name !== "munged" && name !== "mariadbd" && name !== "ganesha");
}

/** auth/slurm: daemons make and check credentials themselves, and a node that has none of them runs sackd. */
function withoutMunge(daemons: readonly Daemon[]): Daemon[] {
  const rest = daemons
    .filter((daemon) => daemon !== munged)
    .map((daemon) => ({ ...daemon, needs: daemon.needs.filter((need) => need !== mungeSocket) }));
  return rest.length === 0 && daemons.includes(munged) ? [sackd] : rest;
}

/** What each role is given and why, for docs/privileges.md. */
export function privilegeReference(): string {
  const row = (who: string, what: string, why: string) => `| ${who} | ${what} | ${why} |`;
  const rows = (who: string, given: Readonly<Record<string, string>>) =>
    Object.entries(given).map(([capability, why]) => row(who, `\`${capability}\``, why));
  const own = Object.entries(ROLE_PARTS).flatMap(([role, { capabilities }]) =>
    rows(`\`${role}\``, capabilities),
  );
  return `# Privileges

Cut from the code by \`UPDATE_DOCS=1 pnpm test\`; edit \`cluster/roles.ts\`, not this page. A test compares a running cluster with it.

No container is privileged. All capabilities are dropped but these:

| who | what | why |
| --- | --- | --- |
${[...rows("every node", COMMON_PRIVILEGES), ...own, ...rows("`slurmrestd` of 20.11", OLD_SLURMRESTD), ...rows("`login` with `storage: nfs`", MOUNTS_HOME), ...rows("`slurmctld` with `nfs: { state: true }`", MOUNTS_STATE)].join("\n")}

And nothing else of the host:

- Networks are internal: no way out, no port published. No network, pid or ipc name space of the host.
- No folder of the host: \`/home\`, StateSaveLocation of several controllers and each daemon's state are volumes of the engine.
- Devices: of mock GPUs \`c MAJOR:MINOR rwm\`, a rule each, on workers that have some; of real ones what NVIDIA's runtime gives.
- \`apparmor=unconfined\` on what mounts something, where the engine has AppArmor, as its default profile forbids every mount: workers whose jobs are confined by cgroups or that have
  \`gpuDetection: nvidia\`, whoever mounts by NFS, and the probe.
- The probe is a container that finds out, before each start, what the machine allows, and is removed when it has: it is given \`SYS_ADMIN\`, \`MKNOD\` and one device rule, on no network.
- A specification, or a scenario in YAML, can name no folder, device, capability or network of the host: there are no words for them. A scenario in TypeScript is a
  program, and can do what you can.
- Files of the host that are read are those that a command names, and no specification or scenario can name one. \`config lint\` and \`config import\` follow no link out of their folder without
  \`--allow-host-path\`.
- What comes out of a node is not believed: \`cluster cp\` brings no device, no pipe and no setuid bit, \`cluster env\` prints only what has the form of an address or a token, and signs that act on
  a terminal are shown as \`\\u001b\`. \`cluster exec\` and \`cluster shell\` hand on what the program prints, as a terminal does.
- A pattern of a scenario that does not come to an end is stopped after five seconds, and documents end at eight million characters.
- The faults \`port-blocked\`, \`network-partition\`, \`packets-lost\`, \`packets-delayed\` and \`bandwidth-limited\` start a container with \`NET_ADMIN\` and \`NET_RAW\` on the network of a node
  for as long as iptables runs, which is some tenths of a second. The node itself never has them.
`;
}
