import { createInterface } from "node:readline/promises";
import pc from "picocolors";

/** What the command line talks to; only here are streams of the process touched. */
export interface Terminal {
  /** A person sits there: standard output and input are terminals. */
  readonly interactive: boolean;
  readonly colors: ReturnType<typeof pc.createColors>;
  /** Results: to standard output. */
  print(text: string): void;
  /** Progress and errors: to standard error when the output is for a machine. */
  note(text: string): void;
  confirm(question: string): Promise<boolean>;
}

/** `--yes` answers every question; without a terminal nobody can be asked, so the answer is yes as well. */
export function terminal(options: { json?: boolean; yes?: boolean }): Terminal {
  const interactive = Boolean(process.stdout.isTTY && process.stdin.isTTY) && process.env.CI === undefined;
  const stream = options.json ? process.stderr : process.stdout;
  return {
    interactive: interactive && !options.json,
    colors: pc.createColors(Boolean(stream.isTTY) && !process.env.NO_COLOR),
    print: (text) => void process.stdout.write(`${text}\n`),
    note: (text) => void stream.write(`${text}\n`),
    async confirm(question) {
      if (options.yes || !interactive) return true;
      const input = createInterface({ input: process.stdin, output: process.stderr });
      try {
        return !/^n/i.test(await input.question(`${question} [Y/n] `));
      } finally {
        input.close();
      }
    },
  };
}
