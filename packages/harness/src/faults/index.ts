import { addressChanged } from "./address-changed.ts";
import { bandwidthLimited } from "./bandwidth-limited.ts";
import { clockSkew } from "./clock-skew.ts";
import { confLineChanged } from "./conf-line-changed.ts";
import { confMode } from "./conf-mode.ts";
import { confParseError } from "./conf-parse-error.ts";
import { daemonCrashLoops } from "./daemon-crash-loops.ts";
import { daemonHung } from "./daemon-hung.ts";
import { daemonKilled } from "./daemon-killed.ts";
import { daemonSlow } from "./daemon-slow.ts";
import { databaseDown } from "./database-down.ts";
import { databaseHung } from "./database-hung.ts";
import { databaseWrongPassword } from "./database-wrong-password.ts";
import { diskFull } from "./disk-full.ts";
import { epilogFails } from "./epilog-fails.ts";
import { gpuEccError } from "./gpu-ecc-error.ts";
import { gpuLost } from "./gpu-lost.ts";
import { gpuMissing } from "./gpu-missing.ts";
import { gpusFewer } from "./gpus-fewer.ts";
import { healthcheckFails } from "./healthcheck-fails.ts";
import { jobSubmitFails } from "./job-submit-fails.ts";
import { jwtKeyChanged } from "./jwt-key-changed.ts";
import { moreCpusThanReal } from "./more-cpus-than-real.ts";
import { moreMemoryThanReal } from "./more-memory-than-real.ts";
import { mungeDown } from "./munge-down.ts";
import { mungeKeyMode } from "./munge-key-mode.ts";
import { mungeMismatch } from "./munge-mismatch.ts";
import { nameUnresolvable } from "./name-unresolvable.ts";
import { networkPartition } from "./network-partition.ts";
import { nfsHandlesStale } from "./nfs-handles-stale.ts";
import { nodeKilled } from "./node-killed.ts";
import { nodePaused } from "./node-paused.ts";
import { nodeRebooted } from "./node-rebooted.ts";
import { nodeUnplugged } from "./node-unplugged.ts";
import { nvidiaDriverMismatch } from "./nvidia-driver-mismatch.ts";
import { nvidiaSmiHangs } from "./nvidia-smi-hangs.ts";
import { packetsDelayed } from "./packets-delayed.ts";
import { packetsLost } from "./packets-lost.ts";
import { portBlocked } from "./port-blocked.ts";
import { prologFails } from "./prolog-fails.ts";
import { rowsAltered } from "./rows-altered.ts";
import { spoolFull } from "./spool-full.ts";
import { spoolReadOnly } from "./spool-read-only.ts";
import { stateLost } from "./state-lost.ts";
import { stateNotWritable } from "./state-not-writable.ts";
import { stateTruncated } from "./state-truncated.ts";
import { storageSlow } from "./storage-slow.ts";
import { tokenExpired } from "./token-expired.ts";

/** Every fault, in the order of their reference. A new one is a file in this folder and a word here. */
export const FAULTS = [
  mungeMismatch,
  mungeDown,
  mungeKeyMode,
  clockSkew,
  daemonKilled,
  daemonHung,
  daemonSlow,
  daemonCrashLoops,
  nodeKilled,
  nodePaused,
  nodeUnplugged,
  nodeRebooted,
  portBlocked,
  networkPartition,
  packetsLost,
  packetsDelayed,
  bandwidthLimited,
  addressChanged,
  nameUnresolvable,
  confLineChanged,
  confParseError,
  confMode,
  moreMemoryThanReal,
  moreCpusThanReal,
  prologFails,
  epilogFails,
  healthcheckFails,
  jobSubmitFails,
  databaseDown,
  databaseHung,
  databaseWrongPassword,
  rowsAltered,
  jwtKeyChanged,
  tokenExpired,
  stateLost,
  stateTruncated,
  stateNotWritable,
  diskFull,
  storageSlow,
  spoolReadOnly,
  spoolFull,
  nfsHandlesStale,
  gpuMissing,
  gpusFewer,
  gpuEccError,
  gpuLost,
  nvidiaSmiHangs,
  nvidiaDriverMismatch,
] as const;
