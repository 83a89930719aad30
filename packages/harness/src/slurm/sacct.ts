import { parseTres } from "./records.ts";

/** A job's row in accounting, as sacct prints it. */
export interface AccountedJob {
  readonly id: string;
  /** `COMPLETED`, `FAILED`, `CANCELLED`: without the `by 1000` that sacct adds. */
  readonly state: string;
  /** Exit code and signal: `3:0`. */
  readonly exitCode: string;
  readonly allocTres: ReadonlyMap<string, string>;
}

/** Asks for the job alone and not its steps; every column without units, so that numbers are numbers. */
export function sacctArguments(jobs: readonly string[]): string[] {
  return [
    "sacct",
    "-n",
    "-P",
    "-X",
    "--noconvert",
    "-o",
    "JobIDRaw,State,ExitCode,AllocTRES",
    "-j",
    jobs.join(","),
  ];
}

export function parseSacct(text: string): AccountedJob[] {
  return text
    .split("\n")
    .filter((line) => line.includes("|"))
    .map((line) => {
      const [id = "", state = "", exitCode = "", tres = ""] = line.split("|");
      return { id, state: state.split(" ")[0] ?? "", exitCode, allocTres: parseTres(tres) };
    });
}
