import { expect, test } from "vitest";
import type { JournalEntry } from "../src/journal/event.ts";
import { changesOf } from "../src/report/story.ts";

const slurmd = { kind: "daemon-state", node: "c2", daemon: "slurmd" } as const;

function told(...entries: readonly JournalEntry[]): string[] {
  return changesOf(entries).map(({ text }) => text);
}

test("a daemon that was started again is told with the time it was away", () => {
  expect(
    told(
      { at: 1000, ...slurmd, to: "started" },
      { at: 5000, ...slurmd, to: "ended", how: "killed by signal 9" },
      { at: 7000, ...slurmd, to: "started" },
    ),
  ).toEqual(["slurmd on c2 ended: killed by signal 9.", "slurmd on c2 was started again after 2.0 s."]);
});

test("a daemon that went without a word, with its node's power, is not said to have been away since it was started", () => {
  expect(told({ at: 1000, ...slurmd, to: "started" }, { at: 7000, ...slurmd, to: "started" })).toEqual([
    "slurmd on c2 was started again.",
  ]);
});
