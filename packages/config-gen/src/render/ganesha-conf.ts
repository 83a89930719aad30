import type { ClusterPlan } from "../spec/planned.ts";
import { stateOnNfs } from "./nodes.ts";
import { stateSaveLocation } from "./paths.ts";

/** Who root of another node is where it is squashed: nobody's number on Linux. */
const NOBODY = 65_534;

/**
 * ganesha.conf of the cluster's server: NFSv4 alone, so one port and neither rpcbind nor lock daemons; users by number, as they are the
 * same on every node. Leases are short: a client waits for one after the server has been started again.
 */
export function renderGaneshaConf(plan: Pick<ClusterPlan, "storage" | "nfs" | "overrides">): string {
  const home = plan.nfs.rootSquash
    ? `  # The server has made the users' folders.
  Squash = Root_Squash;
  Anonymous_Uid = ${NOBODY};
  Anonymous_Gid = ${NOBODY};`
    : "  Squash = No_Root_Squash;";
  // The first one's number is what a fault changes.
  const state = stateOnNfs(plan)
    ? [
        exported(
          11,
          stateSaveLocation(plan),
          "  # root of a controller gives it to SlurmUser.\n  Squash = No_Root_Squash;",
        ),
      ]
    : [];
  return `NFS_CORE_PARAM {
  Protocols = 4;
  NFS_Port = 2049;
  Enable_NLM = false;
  Enable_RQUOTA = false;
  # Without CAP_SYS_RESOURCE it would end.
  allow_set_io_flusher_fail = true;
}
NFSv4 {
  Lease_Lifetime = 10;
  Grace_Period = 10;
  RecoveryBackend = fs;
  Only_Numeric_Owners = true;
}
${[exported(1, "/home", home), ...state].join("\n")}
LOG { Default_Log_Level = EVENT; }
`;
}

/** A folder that clients find at the path that it has here. */
function exported(id: number, path: string, squash: string): string {
  return `EXPORT {
  Export_Id = ${id};
  Path = ${path};
  Pseudo = ${path};
  Protocols = 4;
  Access_Type = RW;
${squash}
  SecType = sys;
  FSAL { Name = VFS; }
}`;
}
