import { InvalidArgumentError, Option } from "commander";
import type { Given } from "../../scenario/load.ts";
import { SEEDS } from "../../verbs/random.ts";
import type { ExecuteOptions } from "../execute.ts";
import { layerFlags } from "../images/layers.ts";
import { quoted } from "../shell-word.ts";
import type { ClusterWishes } from "./planned-run.ts";

/** `--set nodes=8 --set partition=main`, collected. */
export function setOption(): Option {
  return new Option(
    "--set <name=value>",
    "a value for one of the scenario's parameters; can be given several times",
  ).argParser(parseSet);
}

function parseSet(text: string, before: Given | undefined): Given {
  const at = text.indexOf("=");
  if (at < 1) throw new InvalidArgumentError(`Expected a name and a value such as "nodes=8".`);
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
}

/** A seed as `--seed` takes it. */
export function wholeSeed(text: string): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number < SEEDS) return number;
  throw new InvalidArgumentError(`Expected a whole number from 0 to ${SEEDS - 1}.`);
}

/** A number of times, or of things at once. */
export function positive(text: string): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number > 0 && Number.isSafeInteger(number)) return number;
  throw new InvalidArgumentError("Expected a number, at least 1.");
}

/** The flags of `pnpm scenario NAME`. */
export interface RunFlags extends ClusterWishes, ExecuteOptions {
  readonly base?: string;
  /** A file for JUnit XML. */
  readonly junit?: string;
  readonly set?: Given;
  readonly seed?: number;
  readonly dryRun?: boolean;
  readonly all?: boolean;
  readonly tag?: readonly string[];
  readonly repeat?: number;
  readonly untilFails?: boolean;
  readonly parallel?: number;
  readonly watch?: boolean;
  readonly step?: boolean;
  readonly markdown?: boolean;
  readonly timeScale?: string;
}

/** The command that does the same again, with what was chosen at random. */
export function repeatCommand(name: string, options: RunFlags & { readonly seed: number }): string {
  const set = Object.entries(options.set ?? {}).map(([key, value]) => `--set ${quoted(`${key}=${value}`)}`);
  const flags = [
    options.slurm ? `--slurm ${options.slurm}` : "",
    options.gpus ? `--gpus ${options.gpus}` : "",
    ...layerFlags(options),
    options.base ? `--base ${options.base}` : "",
    ...set,
    options.withoutFault ? "--without-fault" : "",
    options.timeScale ? `--time-scale ${options.timeScale}` : "",
    `--seed ${options.seed}`,
  ].filter(Boolean);
  return ["pnpm scenario", quoted(name), ...flags].join(" ");
}
