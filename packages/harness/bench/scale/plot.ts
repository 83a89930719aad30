/** What was measured of a cluster of so many nodes. */
export interface Size {
  readonly nodes: number;
  /** From the call to ready, in seconds. */
  readonly ready: number;
  /** Memory in use when it is ready, by node, in MB. */
  readonly perNode: number;
  /** The most that was in use, in MB. */
  readonly peak: number;
  /** `srun hostname` on all nodes, in seconds. */
  readonly srun: number;
  /** In seconds. */
  readonly sinfo: number;
}

const PANEL = { width: 360, height: 220, left: 52, top: 34, bottom: 34, gap: 48 };

/** Two panels in SVG over the number of nodes, which is drawn by its logarithm: seconds, and memory a node. */
export function plot(sizes: readonly Size[]): string {
  const panels = [
    panel("seconds", sizes, [
      ["ready", "#1f6feb", (size) => size.ready],
      ["srun on all", "#bf5700", (size) => size.srun],
    ]),
    panel("MB a node", sizes, [["when ready", "#1a7f37", (size) => size.perNode]]),
  ];
  const width = panels.length * (PANEL.left + PANEL.width) + PANEL.gap;
  const height = PANEL.top + PANEL.height + PANEL.bottom;
  const placed = panels.map(
    (each, i) => `<g transform="translate(${i * (PANEL.left + PANEL.width + PANEL.gap / 2)} 0)">${each}</g>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="11" role="img" aria-label="time and memory over the number of nodes"><rect width="100%" height="100%" fill="#fff"/>${placed.join("")}</svg>\n`;
}

type Series = readonly [name: string, color: string, value: (size: Size) => number];

function panel(title: string, sizes: readonly Size[], series: readonly Series[]): string {
  const counts = sizes.map(({ nodes }) => Math.log10(nodes));
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  const top = Math.max(...series.flatMap(([, , value]) => sizes.map(value))) * 1.1;
  const x = (nodes: number) =>
    PANEL.left + ((Math.log10(nodes) - least) / (most - least)) * (PANEL.width - 30);
  const y = (value: number) => PANEL.top + PANEL.height * (1 - value / top);
  const base = PANEL.top + PANEL.height;
  const ticks = [0, top / 2, top].map(
    (value) =>
      `<line x1="${PANEL.left}" x2="${PANEL.left + PANEL.width - 30}" y1="${y(value)}" y2="${y(value)}" stroke="#ddd"/><text x="${PANEL.left - 6}" y="${y(value) + 4}" text-anchor="end">${value.toFixed(value < 10 ? 1 : 0)}</text>`,
  );
  const labels = sizes.map(
    ({ nodes }) => `<text x="${x(nodes)}" y="${base + 16}" text-anchor="middle">${nodes}</text>`,
  );
  const lines = series.map(([name, color, value], i) => {
    const points = sizes.map((size) => `${x(size.nodes).toFixed(1)},${y(value(size)).toFixed(1)}`);
    const dots = points.map(
      (point) => `<circle cx="${point.replace(",", '" cy="')}" r="3" fill="${color}"/>`,
    );
    return `<polyline points="${points.join(" ")}" fill="none" stroke="${color}" stroke-width="2"/>${dots.join("")}<text x="${PANEL.left + 10}" y="${PANEL.top + 14 + i * 15}" fill="${color}">${name}</text>`;
  });
  return `<text x="${PANEL.left}" y="18" font-weight="bold">${title}</text>${ticks.join("")}${lines.join("")}${labels.join("")}<text x="${PANEL.left + PANEL.width / 2}" y="${base + 30}" text-anchor="middle">nodes</text>`;
}
