import type { Tone } from "../lanes.ts";
import type { RunRecord } from "../record.ts";
import type { RunResult, Verdict } from "../result.ts";
import { storyOf } from "../story.ts";
import { seconds, spent } from "../summary.ts";
import type { PageContent } from "./content.ts";

const TONES: Readonly<Record<Verdict, Tone>> = {
  passed: "good",
  failed: "bad",
  broken: "bad",
  "bad-input": "bad",
  skipped: "warn",
  interrupted: "warn",
};

/** The page of a scenario's run. */
export function pageOfRun({ result, log, zero, configuration }: RunRecord): PageContent {
  return {
    title: result.title,
    verdict: { word: result.verdict, tone: TONES[result.verdict] },
    facts: facts(result),
    failure: failure(result),
    story: storyOf(result),
    clues: result.clues,
    journal: result.journal,
    log,
    zero,
    configuration,
    environment: [
      ...Object.entries(result.environment),
      ["container engine", result.engine],
      ...result.cluster.images.map((tag): [string, string] => ["image", tag]),
    ],
    repeat: result.repeat,
  };
}

function facts(result: RunResult): Array<[string, string]> {
  const stages = Object.entries(result.stages).map(([stage, time]) => `${stage} ${seconds(time)}`);
  return [
    ["scenario", result.withoutFault ? `${result.scenario}, without its fault` : result.scenario],
    ["Slurm", result.slurm],
    ["started", result.started.replace("T", " ").replace(/\.\d+Z$/, " UTC")],
    ["took", `${seconds(result.seconds)}: ${stages.join(", ")}`],
    ["of which", spent(result)],
    [
      "cluster",
      `${result.cluster.nodes.join("; ")}${result.cluster.ground ? ` (${result.cluster.ground})` : ""}`,
    ],
  ];
}

function failure({ failure: failed, evidence, because }: RunResult): Array<[string, string]> {
  const rows: Array<[string, string | undefined]> = [
    ["skipped", because],
    ["what", failed?.message],
    ["expected", failed?.expected],
    ["seen", failed?.seen],
    ["where", failed?.where],
    ["do", failed?.hint],
    ["evidence", evidence],
  ];
  return rows.filter((row): row is [string, string] => row[1] !== undefined);
}
