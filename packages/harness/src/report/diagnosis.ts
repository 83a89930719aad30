import { type Clue, findClues } from "../evidence/clues.ts";
import { daemonEvents } from "../journal/daemon-events.ts";
import type { JournalEntry } from "../journal/event.ts";
import { type LogFile, type MergedLog, mergeLogs } from "../logs/merge.ts";
import type { TimeReading } from "../logs/time.ts";
import type { PageContent } from "./page/content.ts";
import type { ShownFile } from "./record.ts";
import { changesOf } from "./story.ts";

/** The most lines that the page of a diagnosis has; all of them are searched. */
const PAGE_LINES = 5_000;

/** What the logs of a cluster say of what is wrong with it. */
export interface Diagnosis {
  readonly schema: 1;
  /** What was looked at: a cluster's name, or a folder. */
  readonly of: string;
  readonly logs: ReadonlyArray<{ readonly node: string; readonly daemon: string; readonly name: string }>;
  readonly lines: number;
  readonly clues: readonly Clue[];
}

/** Looks through logs, wherever they are from. Gives what was found, and the page that shows it. */
export function diagnose(
  of: string,
  files: readonly LogFile[],
  more: {
    readonly reading?: TimeReading;
    readonly configuration?: readonly ShownFile[];
    readonly environment: Readonly<Record<string, string>>;
    readonly repeat: string;
  },
): { diagnosis: Diagnosis; page: PageContent } {
  const all = mergeLogs(files, Number.MAX_SAFE_INTEGER, more.reading);
  const clues = findClues(all.lines);
  const logs = files.map(({ node, daemon, name }) => ({ node, daemon, name }));
  const diagnosis: Diagnosis = { schema: 1, of, logs, lines: all.lines.length, clues };
  const zero = all.lines.find(({ time }) => time !== undefined)?.time ?? 0;
  const journal = journalOf(all, zero);
  const page: PageContent = {
    title: of,
    verdict: {
      word:
        clues.length === 0
          ? "nothing known was found"
          : `${clues.length} likely ${clues.length === 1 ? "cause" : "causes"}`,
      tone: clues.length === 0 ? "good" : "bad",
    },
    facts: [
      ["logs", [...new Set(logs.map(({ daemon, node }) => `${daemon} on ${node}`))].join("; ")],
      ["lines", String(all.lines.length)],
      [
        "times",
        `as the daemons wrote them; counted from ${new Date(zero).toISOString().replace("T", " ").slice(0, 19)}`,
      ],
    ],
    failure: [],
    story: changesOf(journal),
    clues,
    journal,
    log: mergeLogs(files, PAGE_LINES, more.reading),
    zero,
    configuration: more.configuration ?? [],
    environment: Object.entries(more.environment),
    repeat: more.repeat,
  };
  return { diagnosis, page };
}

function journalOf(log: MergedLog, zero: number): JournalEntry[] {
  return daemonEvents(log.lines).map(({ time, event }) => ({ ...event, at: Math.round(time - zero) }));
}

/** What was found, for a person. */
export function formatDiagnosis({ of, logs, lines, clues }: Diagnosis): string {
  const looked = `${of}: ${lines} lines of ${logs.length} logs`;
  if (clues.length === 0) return `${looked}\nnone of the known symptoms is in them`;
  const told = clues.map((clue) =>
    [
      "",
      `likely cause   ${clue.cause}`,
      `what to check  ${clue.check}`,
      `what to do     ${clue.do}`,
      `seen           ${clue.daemon} on ${clue.node}${clue.lines > 1 ? ` and ${clue.lines - 1} more times` : ""}: ${clue.line}`,
    ].join("\n"),
  );
  return [looked, ...told].join("\n");
}
