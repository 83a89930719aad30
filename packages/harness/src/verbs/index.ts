import { cancel } from "./cancel.ts";
import { expect } from "./expect.ts";
import { heal } from "./heal.ts";
import { inject } from "./inject.ts";
import { output } from "./output.ts";
import { run } from "./run.ts";
import { shell } from "./shell.ts";
import { refuse, submit } from "./submit.ts";
import { unchecked } from "./unchecked.ts";
import { until } from "./until.ts";

/** Every verb, in the order of their reference. A new one is a file in this folder and a word here. */
export const VERBS = [
  submit,
  refuse,
  run,
  cancel,
  inject,
  heal,
  until,
  expect,
  output,
  shell,
  unchecked,
] as const;
