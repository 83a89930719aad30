import { sacctmgr, scontrol, takeover } from "./administer.ts";
import { backup, restore } from "./backup.ts";
import { cancel } from "./cancel.ts";
import { addNode, removeNode } from "./change-nodes.ts";
import { restart, start, stop } from "./daemons.ts";
import { expect } from "./expect.ts";
import { expectLog } from "./expect-log.ts";
import { finish } from "./finish.ts";
import { heal } from "./heal.ts";
import { inject } from "./inject.ts";
import { continueJob, hold, release, requeue, suspend } from "./job-control.ts";
import { load } from "./load.ts";
import { measure } from "./measure.ts";
import { end, never } from "./never.ts";
import { down, drain, resume } from "./node-state.ts";
import { note } from "./note.ts";
import { output } from "./output.ts";
import { reconfigure } from "./reconfigure.ts";
import { reserve } from "./reserve.ts";
import { run } from "./run.ts";
import { shell } from "./shell.ts";
import { refuse, submit } from "./submit.ts";
import { unchecked } from "./unchecked.ts";
import { until } from "./until.ts";
import { upgrade } from "./upgrade.ts";

/** Every verb, in the order of their reference. A new one is a file in this folder and a word here. */
export const VERBS = [
  submit,
  refuse,
  run,
  load,
  finish,
  cancel,
  requeue,
  hold,
  release,
  suspend,
  continueJob,
  drain,
  down,
  resume,
  stop,
  start,
  restart,
  upgrade,
  backup,
  restore,
  takeover,
  reconfigure,
  addNode,
  removeNode,
  reserve,
  scontrol,
  sacctmgr,
  inject,
  heal,
  until,
  expect,
  expectLog,
  never,
  end,
  output,
  shell,
  measure,
  note,
  unchecked,
] as const;
