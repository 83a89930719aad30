import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import axe from "axe-core";
import type { Page } from "puppeteer-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { pageOfRun } from "../src/report/page/of-run.ts";
import { renderPage } from "../src/report/page/page.ts";
import type { RunRecord } from "../src/report/record.ts";
import { openBrowser } from "./support/browser.ts";

// Recorded from real runs: gpu-job, and a scenario that kills a slurmd and then claims what is false.
const RUNS = ["passed", "failed"] as const;

function recorded(run: string): RunRecord {
  const file = join(import.meta.dirname, "fixtures/runs", `${run}.json`);
  return JSON.parse(readFileSync(file, "utf8")) as RunRecord;
}

const browser = await openBrowser();
const why = typeof browser === "string" ? `skipped: ${browser}` : "";
const folder = mkdtempSync(join(tmpdir(), "slurmlab-page-"));

afterAll(async () => {
  if (typeof browser !== "string") await browser.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Opens a page of this content; what the browser complained of or asked for is in `complaints`. */
async function open(content: RunRecord, width: number): Promise<{ page: Page; complaints: string[] }> {
  if (typeof browser === "string") throw new Error(browser);
  const file = join(folder, `${content.result.cluster.id}-${width}.html`);
  writeFileSync(file, await renderPage(pageOfRun(content)));
  const page = await browser.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => complaints.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("request", (request) => {
    if (!request.url().startsWith("file:")) complaints.push(`asked for ${request.url()}`);
  });
  await page.setViewport({ width, height: 800 });
  await page.goto(pathToFileURL(file).href);
  return { page, complaints };
}

/** How many log lines are shown, as a person would count them and as the page says. */
async function shownLines(page: Page): Promise<{ counted: number; said: string }> {
  return {
    counted: await page.$$eval(
      "section > .log > li",
      (all) => all.filter((line) => line.checkVisibility()).length,
    ),
    said: await page.$eval("#filters output", (output) => output.textContent ?? ""),
  };
}

describe.skipIf(why !== "")(`the page of a run in a browser ${why}`, () => {
  describe.each(RUNS)("that %s", (run) => {
    const record = recorded(run);
    const total = record.log.lines.length;
    let page: Page;
    let complaints: string[];
    beforeAll(async () => {
      ({ page, complaints } = await open(record, 375));
    });
    afterAll(() => page.close());

    test("shows its verdict and its claim", async () => {
      const shown = await page.$eval("header", (header) => header.textContent ?? "");
      expect(shown).toContain(record.result.verdict);
      expect(shown).toContain(record.result.title);
    });

    test("has a mark for every step", async () => {
      const begun = record.result.journal.filter((entry) => entry.kind === "step-began").length;
      const marks = await page.$$eval('.track[aria-label="steps"] .mark', (all) => all.length);
      expect(marks).toBe(begun);
    });

    test("shows every line of the log, and says how many", async () => {
      expect(await shownLines(page)).toEqual({ counted: total, said: `${total} of ${total} lines` });
    });

    test("filters the log by daemon, level and words", async () => {
      const daemon = record.log.lines.filter((line) => line.daemon === "slurmctld");
      await page.select('[name="daemon"]', "slurmctld");
      expect((await shownLines(page)).counted).toBe(daemon.length);
      const errors = daemon.filter((line) => line.level === "error" || line.level === "fatal");
      await page.select('[name="level"]', "1");
      expect((await shownLines(page)).counted).toBe(errors.length);
      await page.type('[name="words"]', "state file");
      const worded = errors.filter((line) => line.text.includes("state file"));
      expect((await shownLines(page)).counted).toBe(worded.length);
      expect(worded.length).toBeGreaterThan(0);
      await page.evaluate("filters.reset(); filter()");
      expect((await shownLines(page)).counted).toBe(total);
    });

    test("filters the log by step", async () => {
      const [began = 0, ended = 0] = record.result.journal
        .filter((entry) => (entry.kind === "step-began" || entry.kind === "step-ended") && entry.step === 1)
        .map(({ at }) => at);
      const inside = record.log.lines.filter(({ time }) => {
        const at = (time ?? Number.NaN) - record.zero;
        return at >= began && at <= ended;
      });
      await page.select('[name="step"]', `${began} ${ended}`);
      expect((await shownLines(page)).counted).toBe(inside.length);
      expect(inside.length).toBeGreaterThan(0);
      await page.select('[name="step"]', "");
    });

    test("shows the log of the moment of a mark that is focused, and goes along a lane by arrow keys", async () => {
      await page.focus('.track[aria-label="steps"] .mark');
      await page.keyboard.press("ArrowRight");
      expect(await page.$eval("#moment p", (line) => line.textContent)).toBe(
        await page.$eval(".mark:focus", (mark) => mark.getAttribute("aria-label")),
      );
      expect((await page.$$("#moment li")).length).toBeGreaterThan(0);
    });

    test("does not scroll sideways on a phone", async () => {
      expect(await page.$eval("html", (html) => html.scrollWidth - html.clientWidth)).toBe(0);
    });

    test("has no password in it", async () => {
      expect(await page.content()).toContain("StoragePass=********");
    });

    test("brings no complaint from the browser, and asks for nothing", () => expect(complaints).toEqual([]));

    test.each([
      [375, "light"],
      [1280, "dark"],
    ])("has nothing serious for axe-core at %i px, %s", async (width, scheme) => {
      const wide = await open(record, width);
      await wide.page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
      // A page's own policy forbids it other scripts; axe is not part of the page.
      await wide.page.setBypassCSP(true);
      await wide.page.reload();
      await wide.page.evaluate(axe.source);
      const { violations } = (await wide.page.evaluate("axe.run()")) as axe.AxeResults;
      await wide.page.close();
      const found = violations.map(({ id, impact, nodes }) => ({
        id,
        impact,
        at: nodes[0]?.target.join(" "),
      }));
      expect(found.filter(({ impact }) => impact === "serious" || impact === "critical")).toEqual([]);
    });
  });

  test("neither runs nor loads what a log line has in it", async () => {
    const record = recorded("passed");
    const [line] = record.log.lines;
    if (!line) throw new Error("the fixture has no line");
    const text = '<img src="http://192.0.2.1/x" onerror="document.title=1"><script>document.title=2</script>';
    const { page, complaints } = await open(
      { ...record, log: { cuts: [], lines: [{ ...line, level: "info", text }] } },
      1280,
    );
    expect({
      shown: await page.$eval("section > .log li > span", (span) => span.textContent),
      title: await page.title(),
      complaints,
    }).toEqual({ shown: text, title: expect.stringContaining(record.result.title), complaints: [] });
    await page.close();
  });
});

test("a run without its fault says so beside the scenario's name", () => {
  const { result, ...rest } = recorded("failed");
  const { facts } = pageOfRun({ ...rest, result: { ...result, withoutFault: true } });
  expect(facts).toContainEqual(["scenario", `${result.scenario}, without its fault`]);
});
