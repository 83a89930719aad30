import type { GpuMode } from "@slurmlab/config-gen";
import { InvalidArgumentError, Option } from "commander";
import type { Given } from "../../scenario/load.ts";
import { SEEDS } from "../../verbs/random.ts";

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

/** The command that does the same again, with what was chosen at random. */
export function repeatCommand(
  name: string,
  options: {
    readonly slurm?: string | undefined;
    readonly gpus?: GpuMode | undefined;
    readonly variant?: string | undefined;
    readonly base?: string | undefined;
    readonly set?: Given | undefined;
    readonly withoutFault?: boolean | undefined;
    readonly seed: number;
  },
): string {
  const set = Object.entries(options.set ?? {}).map(([key, value]) => `--set ${quoted(`${key}=${value}`)}`);
  const flags = [
    options.slurm ? `--slurm ${options.slurm}` : "",
    options.gpus ? `--gpus ${options.gpus}` : "",
    options.variant ? `--variant ${options.variant}` : "",
    options.base ? `--base ${options.base}` : "",
    ...set,
    options.withoutFault ? "--without-fault" : "",
    `--seed ${options.seed}`,
  ].filter(Boolean);
  return ["pnpm scenario", quoted(name), ...flags].join(" ");
}

/** As a shell reads it. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
