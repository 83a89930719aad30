import { html } from "hono/html";
import type { Lane, Segment, Timeline } from "../lanes.ts";
import { moment, tickLabel, ticks } from "./time.ts";

type Html = ReturnType<typeof html>;

/**
 * The timeline: a track a lane, all of one length, so that what stands beneath one another happened at once. Marks are
 * buttons: the page's script shows the log of their moment when one is pointed at, focused or touched.
 */
export function timelineHtml(timeline: Timeline): Html {
  const { from, to, steps, faults, nodes, daemons, jobs, moreJobs } = timeline;
  const place = (segment: Segment) => position(segment, from, to);
  const group = (title: string, lanes: readonly Lane[]) =>
    lanes.length === 0 ? "" : html`<h3>${title}</h3>${lanes.map((lane) => laneHtml(lane, place))}`;
  const marks = faults.length > 0 ? [{ name: "faults", segments: faults }] : [];
  return html`<section aria-labelledby="timeline">
    <h2 id="timeline">Timeline</h2>
    <p class="hint">Seconds since the run's start. Point at a mark, or touch it, for the log of that moment; the arrow
      keys go along a lane.</p>
    <div class="timeline">
      <div class="over" aria-hidden="true">
        ${ticks(from, to).map((at) => html`<i class="tick" style="left:${percent(at, from, to)}"></i>`)}
        ${faults.map((fault) => html`<i class="band" style="${place(fault)}"></i>`)}
      </div>
      <div class="lane axis" aria-hidden="true"><span class="name"></span><div class="track">
        ${ticks(from, to).map((at) => html`<b style="left:${percent(at, from, to)}">${tickLabel(at, to)}</b>`)}
      </div></div>
      ${marks.map((lane) => laneHtml(lane, place))}
      ${steps.length === 0 ? "" : laneHtml({ name: "steps", segments: steps }, place)}
      ${group("Nodes", nodes)}
      ${group("Daemons", daemons)}
      ${group("Jobs", jobs)}
      ${moreJobs > 0 ? html`<p class="hint">And ${moreJobs} more jobs.</p>` : ""}
    </div>
    <div id="moment" role="status" aria-live="polite"></div>
  </section>`;
}

function laneHtml(lane: Lane, place: (segment: Segment) => string): Html {
  return html`<div class="lane"><span class="name">${lane.name}</span><div class="track" role="group"
    aria-label="${lane.name}">${lane.segments.map(
      (segment, i) => html`<button type="button" class="mark ${segment.tone}" style="${place(segment)}"
        tabindex="${i === 0 ? 0 : -1}" data-from="${segment.from}" data-to="${segment.to}"
        aria-label="${sentence(lane.name, segment)}"><span>${segment.state}</span></button>`,
    )}</div></div>`;
}

/** `c1: DOWN, Not responding, from 58.6 s to 71.3 s`. */
function sentence(lane: string, { state, why, from, to }: Segment): string {
  const when = from === to ? `at ${moment(from)}` : `from ${moment(from)} to ${moment(to)}`;
  return `${lane}: ${state}${why ? `, ${why}` : ""}, ${when}`;
}

function position(segment: Segment, from: number, to: number): string {
  const width = ((segment.to - segment.from) / (to - from)) * 100;
  return `left:${percent(segment.from, from, to)};width:${width.toFixed(3)}%`;
}

function percent(at: number, from: number, to: number): string {
  return `${(((at - from) / (to - from)) * 100).toFixed(3)}%`;
}
