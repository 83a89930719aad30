/** `43.7 s`: a moment of the run. */
export function moment(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

/** Round moments between two others, about six of them: every 0.5, 1, 2, 5, 10, ... seconds. */
export function ticks(from: number, to: number): number[] {
  const rough = (to - from) / 6;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((times) => times * power).find((each) => each >= rough) ?? rough;
  const first = Math.ceil(from / step) * step;
  return Array.from({ length: Math.floor((to - first) / step) + 1 }, (_, i) => first + i * step);
}
