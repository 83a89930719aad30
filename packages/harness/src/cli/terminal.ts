import { createInterface } from "node:readline/promises";
import pc from "picocolors";
import type { TerminalChannel, TerminalSize } from "../engine/terminal.ts";
import { shown } from "./output/shown.ts";
import { visible } from "./output/visible.ts";

/** What the command line talks to; only here are streams of the process touched. */
export interface Terminal {
  /** A person sits there: standard output and input are terminals. */
  readonly interactive: boolean;
  readonly colors: ReturnType<typeof pc.createColors>;
  /** Results: to standard output. */
  print(text: string): void;
  /** Progress and errors: to standard error when the output is for a machine. */
  note(text: string): void;
  /** A line that GitHub is to take for a command. */
  annotate(line: string): void;
  /** Begins at the top of an empty screen. */
  clear(): void;
  confirm(question: string): Promise<boolean>;
  /** What a person types after a question, up to Enter; rejects when the signal is aborted. */
  ask(question: string, signal: AbortSignal): Promise<string>;
  /** Connects the person with a program in a container until that ends; resolves to its exit code. */
  attach(open: (size: TerminalSize) => Promise<TerminalChannel>): Promise<number>;
}

/** `--yes` answers every question; without a terminal nobody can be asked, so the answer is yes as well. */
export function terminal(options: { json?: boolean; yes?: boolean }): Terminal {
  const interactive = Boolean(process.stdout.isTTY && process.stdin.isTTY) && process.env.CI === undefined;
  const stream = options.json ? process.stderr : process.stdout;
  return {
    interactive: interactive && !options.json,
    colors: pc.createColors(Boolean(stream.isTTY) && !process.env.NO_COLOR),
    print: (text) => void process.stdout.write(`${shown(text)}\n`),
    note: (text) => void stream.write(`${shown(text)}\n`),
    annotate: (line) => void stream.write(`${visible(line)}\n`),
    clear: () => void process.stdout.write("\x1b[H\x1b[2J"),
    async confirm(question) {
      if (options.yes || !interactive) return true;
      const input = createInterface({ input: process.stdin, output: process.stderr });
      try {
        return !/^n/i.test(await input.question(`${question} [Y/n] `));
      } finally {
        input.close();
      }
    },
    async ask(question, signal) {
      const input = createInterface({ input: process.stdin, output: process.stderr });
      // At a prompt the terminal gives Ctrl-C to whoever reads, and not to the process.
      input.on("SIGINT", () => process.kill(process.pid, "SIGINT"));
      try {
        return await input.question(question, { signal });
      } finally {
        input.close();
      }
    },
    attach,
  };
}

async function attach(open: (size: TerminalSize) => Promise<TerminalChannel>): Promise<number> {
  const { stdin, stdout } = process;
  const size = () => ({ columns: stdout.columns ?? 80, rows: stdout.rows ?? 24 });
  const channel = await open(size());
  const resize = () => void channel.resize(size()).catch(() => {});
  const type = (typed: Buffer) => void channel.input.write(typed);
  stdout.on("resize", resize);
  // Every key is the program's, Ctrl-C too.
  stdin.setRawMode(true);
  stdin.on("data", type).resume();
  channel.output.on("data", (chunk: Buffer) => stdout.write(chunk));
  try {
    return await channel.ended;
  } finally {
    stdin.setRawMode(false);
    stdin.off("data", type).pause();
    stdout.off("resize", resize);
  }
}
