import { InvalidArgumentError, Option } from "commander";

/** `--time-scale`, the same for every command that waits for Slurm. */
export function timeScaleOption(): Option {
  return new Option(
    "--time-scale <factor>",
    "every deadline times so many, on a slow machine (or SLURMLAB_TIME_SCALE)",
  ).argParser((text) => {
    const factor = Number(text);
    if (!/^\d+(\.\d+)?$/.test(text) || factor < 1)
      throw new InvalidArgumentError("Expected a number, at least 1.");
    // Read by whatever waits, and by the processes that are started from here.
    process.env.SLURMLAB_TIME_SCALE = text;
    return text;
  });
}
