import { compressHostlist } from "../slurm/hostlist.ts";
import type { Role } from "../spec/node-schema.ts";
import { hasAccounting } from "../spec/overrides.ts";
import type { ClusterPlan } from "../spec/planned.ts";
import { renderCgroupConf } from "./cgroup-conf.ts";
import { databaseInitSql } from "./database.ts";
import { fakeGpuFiles } from "./fake-gpus.ts";
import { renderGaneshaConf } from "./ganesha-conf.ts";
import { renderGresConf } from "./gres-conf.ts";
import type { Ground, Secrets } from "./ground.ts";
import { jwtKeyPath, PATHS, slurmUser } from "./paths.ts";
import { scriptsOf } from "./scripts.ts";
import { renderSlurmConf } from "./slurm-conf.ts";
import { renderSlurmdbdConf } from "./slurmdbd-conf.ts";
import { renderTopology } from "./topology-conf.ts";

/** One generated file: what is in it, where it goes, and who may read it. */
export interface ConfigFile {
  /** Absolute path in the container. */
  readonly path: string;
  readonly content: string | Uint8Array;
  /** User and group by name: numbers differ from image to image. */
  readonly owner: string;
  readonly mode: number;
  /** Secret files appear masked in evidence and never in a label, log or report. */
  readonly secret: boolean;
  /** Nodes that get it: those with one of these roles, or all. */
  readonly roles: readonly Role[] | "all";
  /** Of those, only the nodes of these names. */
  readonly nodes?: readonly string[];
}

/** The file's path, with the nodes that it is for behind it where others have another one of that path, or none. */
export function shownPath(file: Pick<ConfigFile, "path" | "nodes">): string {
  return file.nodes ? `${file.path}.${compressHostlist(file.nodes)}` : file.path;
}

const SLURM_ROLES: readonly Role[] = ["slurmctld", "slurmdbd", "slurmd", "login"];

/** What the packages bring includes a folder by a pattern, and slurmctld cannot hand that out: an error at each start. */
const PLUGSTACK = "# No plugins of srun and slurmd.\n";

/** Every file of the cluster. Pure: the same plan, ground and secrets always give the same bytes. */
export function renderBundle(plan: ClusterPlan, ground: Ground, secrets: Secrets): ConfigFile[] {
  return [
    ...configuration(plan, ground, secrets),
    ...fakeGpuFiles(plan, ground),
    ...programs(plan),
    ...keys(plan, secrets),
    ...storage(plan),
  ];
}

/** Who gets the files next to slurm.conf: in a configless cluster, workers fetch theirs from slurmctld. */
function readers(plan: ClusterPlan): readonly Role[] {
  return plan.configless ? SLURM_ROLES.filter((role) => role !== "slurmd") : SLURM_ROLES;
}

function configuration(plan: ClusterPlan, ground: Ground, secrets: Secrets): ConfigFile[] {
  const open = { owner: "root:root", mode: 0o644, secret: false, roles: readers(plan) };
  // slurmdbd is fatal on any other owner or mode (slurmdbd/read_config.c); 26.05 takes 0640 too.
  const dbd = slurmUser(plan, "slurmdbd.conf");
  const closed = { owner: `${dbd}:${dbd}`, mode: 0o600, secret: true, roles: ["slurmdbd"] as const };
  const topology = renderTopology(plan);
  const generated = [
    { ...open, path: PATHS.slurmConf, content: renderSlurmConf(plan, ground) },
    { ...open, path: PATHS.gresConf, content: renderGresConf(plan, ground) },
    { ...open, path: PATHS.cgroupConf, content: renderCgroupConf(plan, ground) },
    ...(topology ? [{ ...open, ...topology }] : []),
    ...(plan.configless && plan.defaults === "lab"
      ? [{ ...open, path: PATHS.plugstackConf, content: PLUGSTACK }]
      : []),
    { ...closed, path: PATHS.slurmdbdConf, content: renderSlurmdbdConf(plan, secrets) },
  ];
  const given = Object.entries(plan.files).map(([name, content]) => {
    const path = `${PATHS.folder}/${name}`;
    return { ...(path === PATHS.slurmdbdConf ? closed : open), path, content };
  });
  const paths = new Set(given.map((file) => file.path));
  return [...generated.filter((file) => !paths.has(file.path)), ...given].flatMap(({ content, ...file }) =>
    content === undefined ? [] : [{ ...file, content, roles: withRest(file.path, file.roles) }],
  );
}

/** slurmrestd is a client of the daemons: of all files it reads slurm.conf alone. */
function withRest(path: string, roles: readonly Role[]): readonly Role[] {
  return path === PATHS.slurmConf ? [...roles, "slurmrestd"] : roles;
}

function storage(plan: ClusterPlan): ConfigFile[] {
  if (plan.storage === "volume") return [];
  const file = { owner: "root:root", mode: 0o644, secret: false, roles: ["nfs"] as const };
  return [{ ...file, path: PATHS.ganeshaConf, content: renderGaneshaConf(plan) }];
}

function programs(plan: ClusterPlan): ConfigFile[] {
  return scriptsOf(plan).map(({ path, text, roles }) => ({
    path,
    content: text,
    owner: "root:root",
    // slurmctld runs nothing that others than the owner may write to (power_save.c).
    mode: 0o755,
    secret: false,
    roles,
  }));
}

function keys(plan: ClusterPlan, secrets: Secrets): ConfigFile[] {
  const jwt = jwtKeyPath(plan);
  const user = slurmUser(plan, "slurm.conf");
  const owner = `${user}:${user}`;
  const authentication: ConfigFile =
    plan.auth === "slurm"
      ? {
          path: PATHS.slurmKey,
          content: secrets.slurmKey ?? new Uint8Array(),
          // The plugin is fatal when others may read it (auth/slurm, internal.c).
          owner,
          mode: 0o600,
          secret: true,
          roles: SLURM_ROLES,
        }
      : {
          path: PATHS.mungeKey,
          content: secrets.mungeKey,
          owner: "munge:munge",
          mode: 0o400,
          secret: true,
          roles: SLURM_ROLES,
        };
  const secret = { mode: 0o600, secret: true, owner };
  return [
    authentication,
    ...(jwt
      ? [{ ...secret, path: jwt, content: secrets.jwtKey, roles: ["slurmctld", "slurmdbd"] as const }]
      : []),
    ...(hasAccounting(plan)
      ? [
          {
            path: PATHS.databaseInit,
            content: databaseInitSql(plan, secrets),
            owner: "mysql:mysql",
            mode: 0o400,
            secret: true,
            roles: ["database"] as const,
          },
        ]
      : []),
  ];
}
