import { expect, test } from "vitest";
import { minutesOf } from "../src/slurm/time.ts";

const DAY = 1440;

test.each([
  ["30", 30],
  ["0", 0],
  ["1:30", 2],
  ["0:60", 1],
  ["0:61", 2],
  ["90:00", 90],
  ["12:00:00", 720],
  ["0:0:1", 1],
  ["100:00:00", 6000],
  ["7-", 7 * DAY],
  ["7-0", 7 * DAY],
  ["1-12", 1.5 * DAY],
  ["2-12:30", 2 * DAY + 750],
  ["2-12:30:01", 2 * DAY + 751],
  ["INFINITE", Number.POSITIVE_INFINITY],
  ["Unlimited", Number.POSITIVE_INFINITY],
  ["-1", Number.POSITIVE_INFINITY],
])("%s is %d minutes", (text, minutes) => {
  expect(minutesOf(text)).toBe(minutes);
});

test.each(["", "soon", "1h", "1:2:3:4", "1-2-3", "1:2-3", "5:", ":5", "1-:2", "1--2", "-5", "1.5", " 5"])(
  '"%s" is no time of Slurm\'s',
  (text) => {
    expect(minutesOf(text)).toBeUndefined();
  },
);
