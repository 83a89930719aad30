import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { html, raw } from "hono/html";
import { timelineOf } from "../lanes.ts";
import type { PageContent } from "./content.ts";
import { logHtml } from "./log.ts";
import { moment } from "./time.ts";
import { timelineHtml } from "./timeline.ts";

type Html = ReturnType<typeof html>;

const STYLE = readFileSync(join(import.meta.dirname, "page.css"), "utf8");
const SCRIPT = readFileSync(join(import.meta.dirname, "page.js"), "utf8");

/**
 * The page of a report: one file that needs nothing else. Its own policy forbids it every request, and every script but
 * ours, so that a log line can neither call home nor run. Everything that is put in is escaped by `html`.
 */
export async function renderPage(content: PageContent): Promise<string> {
  const { title, verdict, log, zero } = content;
  const timeline = timelineOf(content.journal);
  const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${sha256(SCRIPT)}'`;
  const page = await html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
<meta http-equiv="Content-Security-Policy" content="${policy}" />
<meta name="color-scheme" content="light dark" />
<title>${verdict.word}: ${title}</title>
<style>${raw(STYLE)}</style>
</head>
<body>
<header class="${verdict.tone}">
  <p class="verdict">${verdict.word}</p>
  <h1>${title}</h1>
  ${pairs(content.facts)}
</header>
<main>
  ${content.failure.length === 0 ? "" : section("failure", "What went wrong", pairs(content.failure))}
  ${content.clues.length === 0 ? "" : section("clues", "Likely causes", clues(content))}
  ${content.story.length === 0 ? "" : section("story", "What happened", story(content))}
  ${content.journal.length === 0 ? "" : timelineHtml(timeline)}
  ${logHtml(log, zero, timeline.steps)}
  ${configuration(content)}
  ${section("environment", "Environment", pairs(content.environment))}
  ${section("again", "The same again", html`<pre class="command">${content.repeat}</pre>`)}
</main>
<script>${raw(SCRIPT)}</script>
</body>
</html>
`;
  return String(page);
}

function section(id: string, title: string, body: Html | Promise<Html>): Html {
  return html`<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2>${body}</section>`;
}

function pairs(list: ReadonlyArray<readonly [label: string, text: string]>): Html {
  return html`<dl>${list.map(([label, text]) => html`<div><dt>${label}</dt><dd>${text}</dd></div>`)}</dl>`;
}

function clues({ clues: found }: PageContent): Html {
  return html`${found.map(
    ({ cause, check, do: what, daemon, node, line, lines }) =>
      html`<article><h3>${cause}</h3>${pairs([
        ["log", `${daemon} on ${node}${lines > 1 ? `, and ${lines - 1} more lines` : ""}: ${line}`],
        ["check", check],
        ["do", what],
      ])}</article>`,
  )}`;
}

function story({ story: told }: PageContent): Html {
  return html`<ol class="story">${told.map(
    ({ at, text, bad }) =>
      html`<li class="${bad ? "bad" : ""}"><time>${at === undefined ? "" : moment(at)}</time><span>${text}</span></li>`,
  )}</ol>`;
}

function configuration({ configuration: files }: PageContent): Html | string {
  if (files.length === 0) return "";
  return section(
    "configuration",
    "Configuration",
    html`${files.map(
      (file) =>
        html`<details><summary>${file.path} <small>on ${file.nodes.join(", ")}</small></summary><pre>${file.text}</pre></details>`,
    )}`,
  );
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("base64");
}
