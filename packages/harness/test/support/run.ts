import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ClusterSpecInput, planCluster } from "@slurmlab/config-gen";
import { CATALOG, type ImageSet, imageSet } from "@slurmlab/images";
import { Undo } from "../../src/errors/undo.ts";
import type { RunRecord } from "../../src/report/record.ts";
import type { RunResult } from "../../src/report/result.ts";
import type { RunEvents } from "../../src/scenario/events.ts";
import type { LoadedScenario } from "../../src/scenario/load.ts";
import type { RunOptions } from "../../src/scenario/run-options.ts";
import { runScenario } from "../../src/scenario/runner.ts";
import type { Scenario, ScenarioContext } from "../../src/scenario/scenario.ts";
import { DEFAULT_SETTINGS, type Settings } from "../../src/scenario/settings.ts";
import { planUpgrades } from "../../src/scenario/upgrades.ts";
import type { FakeEngine } from "./fake-engine.ts";

const TWO_NODES: ClusterSpecInput = { nodes: [{ name: "c[1-2]", roles: ["slurmd"] }] };

export interface FakeRun {
  readonly result: RunResult;
  readonly record: RunRecord;
  /** Everything that was told while it ran, a line each. */
  readonly told: string[];
  readonly folder: string;
}

/** Runs a scenario's steps on a fake engine, through the real runner. */
export async function runOnFake(
  engine: FakeEngine,
  run: (context: ScenarioContext) => Promise<void>,
  more: {
    cluster?: ClusterSpecInput;
    breaks?: Scenario["breaks"];
    signal?: AbortSignal;
    keep?: boolean;
    without?: Scenario["without"];
    withoutFault?: boolean;
    seed?: number;
    undo?: Undo;
    images?: ImageSet;
    settings?: Partial<Settings>;
    beforeStep?: RunOptions["beforeStep"];
    slurm?: string;
    upgradesTo?: Scenario["upgradesTo"];
    standing?: RunOptions["standing"];
  } = {},
): Promise<FakeRun> {
  const cluster = more.cluster ?? TWO_NODES;
  const planned = planCluster(cluster, { defaultSlurm: "24.11" });
  const release = CATALOG.find((line) => line.slurm === "24.11");
  if (!planned.ok || !release) throw new Error("the test's own cluster is wrong");
  const told: string[] = [];
  const folder = mkdtempSync(join(tmpdir(), "slurmlab-run-"));
  const events: RunEvents = {
    stageStarted: (stage) => told.push(`stage ${stage}`),
    progress: (stage, line) => told.push(`${stage}: ${line}`),
    stageEnded: (stage, { ok, line }) => told.push(`${stage} ${ok ? "ended" : "failed"}: ${line}`),
    stepStarted: (sentence) => told.push(`step: ${sentence}`),
    stepEnded: (step) => told.push(`${step.outcome}: ${step.sentence}`),
    detail: (line) => told.push(line),
  };
  const title = "the claim";
  const { breaks, upgradesTo, without } = more;
  const scenario: LoadedScenario = {
    name: "test",
    file: "/scenarios/test.ts",
    title,
    settings: { ...DEFAULT_SETTINGS, ...more.settings },
    body: {
      language: "typescript",
      scenario: {
        title,
        cluster,
        run,
        without,
        ...(breaks ? { breaks } : {}),
        ...(upgradesTo ? { upgradesTo } : {}),
      },
    },
  };
  const record = await runScenario({
    scenario,
    plan: planned.plan,
    id: "test-abc123",
    version: "0",
    seed: more.seed ?? 1,
    slurm: more.slurm,
    beforeStep: more.beforeStep,
    standing: more.standing,
    keep: more.keep ?? false,
    repeat: "pnpm scenario test",
    withoutFault: more.withoutFault ?? false,
    evidenceFolder: join(folder, "evidence"),
    findEngine: async () => ({ engine, line: "a fake engine", socket: undefined }),
    prepareImages: async () => more.images ?? imageSet(release, "amd64"),
    upgrades: planUpgrades(scenario, planned.plan).map((to) => ({
      plan: to.plan,
      prepareImages: async () => imageSet(to.release, "amd64"),
    })),
    events,
    signal: more.signal ?? new AbortController().signal,
    undo: more.undo ?? new Undo(),
  });
  return { result: record.result, record, told, folder };
}
