import { html } from "hono/html";
import { LEVELS, type MergedLine } from "../../logs/line.ts";
import type { MergedLog } from "../../logs/merge.ts";
import type { Timeline } from "../lanes.ts";
import { moment } from "./time.ts";

type Html = ReturnType<typeof html>;

/** The merged log with its filters. Without a script everything is shown, and the filters are not. */
export function logHtml(log: MergedLog, zero: number, steps: Timeline["steps"]): Html {
  const daemons = [...new Set(log.lines.map((line) => line.daemon))].sort();
  const nodes = [...new Set(log.lines.map((line) => line.node))].sort();
  return html`<section aria-labelledby="log">
    <h2 id="log">Log</h2>
    <p class="hint">${log.lines.length} lines of all daemons in the order of time.${log.cuts.length > 0 ? " " : ""}${log.cuts.map(
      (cut) => html` The first ${cut.lines} lines of ${cut.daemon} on ${cut.node} were left out.`,
    )}</p>
    <form id="filters" hidden>
      <label>Daemon <select name="daemon"><option value="">all</option>${daemons.map(option)}</select></label>
      <label>Node <select name="node"><option value="">all</option>${nodes.map(option)}</select></label>
      <label>Level <select name="level">${LEVELS.map(
        (level, i) =>
          html`<option value="${i}" ${level === "debug" ? "selected" : ""}>${levelWords(level)}</option>`,
      )}</select></label>
      <label>Step <select name="step"><option value="">all</option>${steps.map(
        (step) => html`<option value="${step.from} ${step.to}">${moment(step.from)}: ${step.state}</option>`,
      )}</select></label>
      <label>Words <input name="words" type="search" autocomplete="off" /></label>
      <output name="count"></output>
    </form>
    <ol class="log" tabindex="0" aria-label="Log lines">${log.lines.map((line) => lineHtml(line, zero))}</ol>
  </section>`;
}

function option(value: string): Html {
  return html`<option>${value}</option>`;
}

function levelWords(level: (typeof LEVELS)[number]): string {
  if (level === "debug") return "everything";
  return level === "fatal" ? "fatal only" : `${level} and worse`;
}

function lineHtml(line: MergedLine, zero: number): Html {
  const { time, node, daemon, level, text } = line;
  const at = time === undefined ? undefined : time - zero;
  return html`<li class="${level}" data-at="${at ?? ""}" data-level="${LEVELS.indexOf(level)}"><time>${
    at === undefined ? "no time" : moment(at)
  }</time> <b>${node}</b> <i>${daemon}</i> <span>${level === "info" || level === "debug" ? "" : html`<em>${level}</em> `}${text}</span></li>\n`;
}
