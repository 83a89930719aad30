/**
 * ganesha.conf of the server of /home: NFSv4 alone, so one port and neither rpcbind nor lock daemons; users by number, as they are the
 * same on every node. Leases are short: a client waits for one after the server has been started again.
 */
export function renderGaneshaConf(): string {
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
EXPORT {
  Export_Id = 1;
  Path = /home;
  Pseudo = /home;
  Protocols = 4;
  Access_Type = RW;
  # root of a node makes the users' folders there, as root does on a site's login node.
  Squash = No_Root_Squash;
  SecType = sys;
  FSAL { Name = VFS; }
}
LOG { Default_Log_Level = EVENT; }
`;
}
