/** What a line's time does not say itself. */
export interface TimeReading {
  /** Of times without a year (syslog's, Slurm's `short`): the latest that they can be, in milliseconds since 1970. */
  readonly notAfter?: number;
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/**
 * Slurm's iso8601, iso8601_ms, rfc5424 and rfc3339 (LogTimeFormat), in brackets; munged's, MariaDB's and rsyslog's
 * without. Year, month, day, hour, minute, second, fraction, zone.
 */
const FULL =
  /^\[?(\d{4})-(\d\d)-(\d\d)[T ] ?(\d\d?):(\d\d):(\d\d)(?:[.,](\d+))?(?: ?(Z|[+-]\d\d:?\d\d))?\]? ?(.*)$/s;

/** Slurm's `short` (in brackets) and syslog's own: `Nov 22 06:00:00`. */
const SHORT = /^\[?([A-Z][a-z]{2}) +(\d\d?) (\d\d):(\d\d):(\d\d)(?:\.(\d+))?\]? ?(.*)$/s;

/** Slurm's `thread_id`: `[Sun Nov 22 06:00:00.123456 4711 sched]`. */
const THREAD = /^\[[A-Z][a-z]{2} ([^\]]*?\d\d:\d\d:\d\d(?:\.\d+)?)[^\]]*\] ?(.*)$/s;

/**
 * The time at a line's start, and what follows it.
 *
 * A time without a zone is the writer's local one, which no log tells. It is taken for UTC: the labs' nodes run on it,
 * and lines of machines in one zone stay in order among themselves.
 */
export function readTime(
  line: string,
  reading: TimeReading = {},
): { time: number | undefined; rest: string } {
  const full = FULL.exec(line);
  if (full) {
    const [, year = "", month = "", day = "", hour = "", minute = "", second = "", fraction = "", zone] =
      full;
    const clock = `${hour.padStart(2, "0")}:${minute}:${second}.${fraction.slice(0, 3).padEnd(3, "0")}`;
    const offset = zone?.replace(/^([+-]\d\d):?(\d\d)$/, "$1:$2") ?? "Z";
    const time = Date.parse(`${year}-${month}-${day}T${clock}${offset}`);
    if (!Number.isNaN(time)) return { time, rest: full[9] ?? "" };
  }
  const plain = SHORT.exec(line);
  const thread = plain ? null : THREAD.exec(line);
  const short = plain ?? SHORT.exec(thread?.[1] ?? "");
  if (!short) return { time: undefined, rest: line };
  const [, name = "", day = "", hour = "", minute = "", second = "", fraction = "", rest = ""] = short;
  const month = MONTHS.indexOf(name);
  if (month < 0) return { time: undefined, rest: line };
  const latest = reading.notAfter ?? Date.now();
  const clock = [hour, minute, second].map(Number) as [number, number, number];
  const ms = Number(fraction.slice(0, 3).padEnd(3, "0"));
  const inYear = (year: number) => Date.UTC(year, month, Number(day), ...clock, ms);
  const year = new Date(latest).getUTCFullYear();
  // A December line that is read in January is last year's.
  const time = inYear(year) > latest + 24 * 3600_000 ? inYear(year - 1) : inYear(year);
  return { time, rest: thread ? (thread[2] ?? "") : rest };
}
