/**
 * Slurm's durations in minutes, rounded up: `30`, `1:30`, `12:00:00`, `7-0`, `2-12:30`. Infinity for INFINITE, UNLIMITED
 * and -1; undefined for what `time_str2secs` (src/common/parse_time.c) would not take.
 */
export function minutesOf(text: string): number | undefined {
  const seconds = secondsOf(text);
  return seconds === undefined ? undefined : Math.ceil(seconds / 60);
}

function secondsOf(text: string): number | undefined {
  if (/^(-1|infinite|unlimited)$/i.test(text)) return Number.POSITIVE_INFINITY;
  const days = /^(\d+)-(?:(\d+)(?::(\d+))?(?::(\d+))?)?$/.exec(text);
  if (days) {
    const [, d = 0, h = 0, m = 0, s = 0] = days;
    return Number(d) * 86_400 + Number(h) * 3600 + Number(m) * 60 + Number(s);
  }
  const clock = /^(\d+)(?::(\d+))?(?::(\d+))?$/.exec(text);
  if (!clock) return undefined;
  const [, a = 0, b = 0, c] = clock;
  // Three parts are hours, minutes, seconds; fewer are minutes and seconds.
  return c === undefined ? Number(a) * 60 + Number(b) : Number(a) * 3600 + Number(b) * 60 + Number(c);
}
