/** One line of the benchmark's table. */
export interface Figure {
  readonly what: string;
  readonly unit: "s" | "ms" | "MB" | "calls" | "jobs/s";
  readonly value: number;
  /** What the value is held to, in its unit; none where it is only reported. */
  readonly goal?: number;
  /** The same work at its barest, of the same run and in the same unit. */
  readonly floor?: { readonly value: number; readonly what: string };
  /** The goal as a multiple of the floor: the one kind that holds on any machine. */
  readonly ratioGoal?: number;
}

export function ratioOf({ value, floor }: Figure): number | undefined {
  return floor === undefined ? undefined : value / floor.value;
}

/** Whether a figure misses its goal; false where there is none. */
export function missed(figure: Figure): boolean {
  return missedRatio(figure) || (figure.goal !== undefined && figure.value > figure.goal);
}

/** Whether a goal that is a ratio is missed. */
export function missedRatio(figure: Figure): boolean {
  return figure.ratioGoal !== undefined && (ratioOf(figure) ?? 0) > figure.ratioGoal;
}

/** A table in Markdown, as it stands in docs/benchmarks.md. */
export function table(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => {
    const { what, unit, value, goal, floor, ratioGoal } = figure;
    const ratio = ratioOf(figure);
    return [
      what,
      ratioGoal === undefined
        ? goal === undefined
          ? ""
          : `${goal} ${unit}`
        : `${ratioGoal} times the floor`,
      `${shown(value, unit)}${missed(figure) ? " (missed)" : ""}`,
      floor === undefined ? "" : `${shown(floor.value, unit)}: ${floor.what}`,
      ratio === undefined ? "" : ratio.toFixed(2),
    ];
  });
  const all = [["what", "goal", "figure", "floor", "ratio"], ...rows];
  const widths = (all[0] ?? []).map((_, i) => Math.max(...all.map((row) => row[i]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(" | ")} |`;
  const rule = line(widths.map((width) => "-".repeat(width)));
  return [line(all[0] ?? []), rule, ...rows.map(line)].join("\n");
}

function shown(value: number, unit: Figure["unit"]): string {
  return `${value.toFixed(unit === "s" ? 1 : 0)} ${unit}`;
}
