import { describe, expect, test } from "vitest";
import { daemonEvents } from "../src/journal/daemon-events.ts";
import { daemonOfFile } from "../src/logs/daemon-of.ts";
import type { LogDaemon } from "../src/logs/line.ts";
import { type LogFile, mergeLogs } from "../src/logs/merge.ts";
import { parseLog } from "../src/logs/parse.ts";

const at = (time: string) => Date.parse(time);
const one = (line: string, notAfter = "2026-11-25T12:00:00Z") =>
  parseLog(line, { notAfter: at(notAfter) })[0];

const takesApart = (_: string, line: string, time: string | undefined, level: string, text: string) => {
  expect(one(line)).toEqual({ time: time === undefined ? undefined : at(time), level, text });
};

describe("a line as it was recorded, taken apart", () => {
  test.each([
    [
      "slurmctld",
      "[2026-11-25T07:12:19.467] error: Could not open node state file /var/spool/slurmctld/node_state: No such file or directory",
      "2026-11-25T07:12:19.467Z",
      "error",
      "Could not open node state file /var/spool/slurmctld/node_state: No such file or directory",
    ],
    [
      "slurmd",
      "[2026-11-25T07:12:19.556] slurmd version 24.11.5 started",
      "2026-11-25T07:12:19.556Z",
      "info",
      "slurmd version 24.11.5 started",
    ],
    [
      "slurmstepd, in slurmd's log",
      "[2026-11-25T07:12:24.392] [2.batch] done with step",
      "2026-11-25T07:12:24.392Z",
      "info",
      "[2.batch] done with step",
    ],
    [
      "mariadbd",
      "2026-11-25  7:12:16 0 [ERROR] InnoDB: Operating system error number 4 in a file operation.",
      "2026-11-25T07:12:16.000Z",
      "error",
      "InnoDB: Operating system error number 4 in a file operation.",
    ],
    [
      "munged in the foreground",
      "munged: Notice: Starting munge-0.5.16 daemon (pid 73)",
      undefined,
      "info",
      "Starting munge-0.5.16 daemon (pid 73)",
    ],
    [
      "the supervisor",
      "2026-11-25T07:26:47.351Z slurmd ended: killed by signal 9",
      "2026-11-25T07:26:47.351Z",
      "info",
      "slurmd ended: killed by signal 9",
    ],
  ])("of %s", takesApart);

  test("that goes on in the next line is of its time and its level", () => {
    const log = "2026-11-25  7:12:17 0 [Warning] a thing\nVersion: '11.8.9-MariaDB'  port: 3306\n";
    expect(parseLog(log).map(({ time, level }) => [time, level])).toEqual([
      [at("2026-11-25T07:12:17Z"), "warning"],
      [at("2026-11-25T07:12:17Z"), "warning"],
    ]);
  });
});

describe("a line as other sites have it, taken apart", () => {
  test.each([
    [
      "slurmdbd, with LogTimeFormat=iso8601",
      "[2026-11-25T07:12:17] debug2: Attempting to connect to db:3306",
      "2026-11-25T07:12:17.000Z",
      "debug",
      "Attempting to connect to db:3306",
    ],
    [
      "slurmctld, with LogTimeFormat=rfc5424_ms",
      "[2026-11-25T08:12:19.467+01:00] fatal: Cannot open slurmctld.log",
      "2026-11-25T07:12:19.467Z",
      "fatal",
      "Cannot open slurmctld.log",
    ],
    [
      "slurmctld, with LogTimeFormat=short",
      "[Nov 25 07:12:19.467001] error: Nodes c1 not responding",
      "2026-11-25T07:12:19.467Z",
      "error",
      "Nodes c1 not responding",
    ],
    [
      "slurmrestd on standard error, without a time",
      "slurmrestd: error: Unable to register: Unable to contact slurm controller (connect failure)",
      undefined,
      "error",
      "Unable to register: Unable to contact slurm controller (connect failure)",
    ],
    [
      "munged with a log of its own",
      '2026-11-25 07:12:10 +0000 Error:     Keyfile is insecure: "/etc/munge/munge.key" should not be readable by other',
      "2026-11-25T07:12:10.000Z",
      "error",
      'Keyfile is insecure: "/etc/munge/munge.key" should not be readable by other',
    ],
    [
      "syslog",
      "Dec 31 23:59:58 head slurmctld[812]: error: Munge decode failed: Expired credential",
      "2025-12-31T23:59:58.000Z",
      "error",
      "Munge decode failed: Expired credential",
    ],
    [
      "rsyslog with high precision times",
      "2026-11-25T07:12:19.467123+01:00 head slurmdbd[77]: fatal: slurmdbd.conf file /etc/slurm/slurmdbd.conf should be 600",
      "2026-11-25T06:12:19.467Z",
      "fatal",
      "slurmdbd.conf file /etc/slurm/slurmdbd.conf should be 600",
    ],
  ])("of %s", takesApart);
});

describe("logs that are merged", () => {
  const file = (node: string, daemon: LogDaemon, lines: string[], name = `${daemon}.log`): LogFile => ({
    node,
    daemon,
    name,
    text: lines.join("\n"),
  });
  const stamped = (second: number, text: string) =>
    `[2026-11-25T07:00:${String(second).padStart(2, "0")}.000] ${text}`;

  test("are in the order of time, and lines without a time are last", () => {
    const { lines } = mergeLogs(
      [
        file("c1", "munged", ["munged: Info: undated"]),
        file("c1", "slurmd", [stamped(2, "second"), stamped(4, "fourth")]),
        file("ctl", "slurmctld", [stamped(1, "first"), stamped(3, "third")]),
      ],
      100,
    );
    expect(lines.map(({ text }) => text)).toEqual(["first", "second", "third", "fourth", "undated"]);
  });

  test("have once what a daemon in the foreground writes to standard error as well", () => {
    const { lines } = mergeLogs(
      [
        file("c1", "slurmd", [stamped(1, "error: both")]),
        file(
          "c1",
          "slurmd",
          ["slurmd: error: both", "slurmd: fatal: before the log was open"],
          "slurmd.stderr.log",
        ),
      ],
      100,
    );
    expect(lines.map(({ level, text }) => `${level} ${text}`)).toEqual([
      "error both",
      "fatal before the log was open",
    ]);
  });

  test("that are too long lose their oldest lines, say how many, and leave short ones whole", () => {
    const long = Array.from({ length: 50 }, (_, i) => stamped(i, `line ${i}`));
    const { lines, cuts } = mergeLogs(
      [file("ctl", "slurmctld", long), file("c1", "slurmd", [stamped(0, "short")])],
      11,
    );
    expect(cuts).toEqual([{ node: "ctl", daemon: "slurmctld", lines: 40 }]);
    expect(lines.map(({ text }) => text)).toEqual([
      "short",
      ...long.slice(40).map((_, i) => `line ${40 + i}`),
    ]);
  });
});

describe("the daemon that wrote a log", () => {
  test.each([
    ["slurmctld.log", "slurmctld"],
    ["slurmctld.log.1", "slurmctld"],
    ["slurmd.c1.log", "slurmd"],
    ["slurmd-node042.log-20261122", "slurmd"],
    ["slurmdbd.log", "slurmdbd"],
    ["mysqld.log", "mariadbd"],
    ["munged.log", "munged"],
    ["messages", undefined],
  ])("%s is told by its name", (name, daemon) => expect(daemonOfFile(name)).toBe(daemon));
});

test("starts and ends of daemons are read from the logs", () => {
  const line = (daemon: LogDaemon, text: string) => ({
    node: "c1",
    daemon,
    time: 5,
    level: "info" as const,
    text,
  });
  const events = daemonEvents([
    line("slurmd", "slurmd version 24.11.5 started"),
    line("supervisor", "slurmd ended: killed by signal 9"),
    line("slurmd", "slurmd started on Wed, 25 Nov 2026 07:12:19 +0000"),
    line("supervisor", "munged started"),
  ]);
  expect(events.map(({ event }) => event)).toEqual([
    { kind: "daemon-state", node: "c1", daemon: "slurmd", to: "started" },
    { kind: "daemon-state", node: "c1", daemon: "slurmd", to: "ended", how: "killed by signal 9" },
    { kind: "daemon-state", node: "c1", daemon: "munged", to: "started" },
  ]);
});
