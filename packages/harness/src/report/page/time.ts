/** From here on seconds alone are hard to read: an hour, in milliseconds. */
const LONG = 3600_000;

/** `43.7 s`: a moment of the run. `26:04:10`, hours first, where logs of days are looked through. */
export function moment(ms: number): string {
  if (Math.abs(ms) < LONG) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  const two = (value: number) => String(value).padStart(2, "0");
  return `${Math.trunc(seconds / 3600)}:${two(Math.abs(Math.trunc(seconds / 60) % 60))}:${two(Math.abs(seconds % 60))}`;
}

/** A moment beneath the timeline: in seconds, which the page says, or in hours. */
export function tickLabel(ms: number, to: number): string {
  return to < LONG ? String(ms / 1000) : moment(ms);
}

/** Round moments between two others, about six of them: every 0.5, 1, 2, 5, 10, ... seconds. */
export function ticks(from: number, to: number): number[] {
  const rough = (to - from) / 6;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((times) => times * power).find((each) => each >= rough) ?? rough;
  const first = Math.ceil(from / step) * step;
  return Array.from({ length: Math.floor((to - first) / step) + 1 }, (_, i) => first + i * step);
}
