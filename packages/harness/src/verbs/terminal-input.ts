import { stripVTControlCharacters } from "node:util";
import { z } from "zod";
import type { Node } from "../cluster/node.ts";
import { matching } from "../conditions/matching.ts";
import { hopeless, met, pending, waitFor } from "../conditions/probe.ts";
import { pattern } from "./pattern.ts";

/** How long a prompt may take, and the end behind the last line, in milliseconds. */
const PROMPT_MS = 60_000;

/** Of a terminal, as most programs expect it. */
const SIZE = { columns: 80, rows: 24 };

/** What is typed at a terminal, each line when the program has printed what it is the answer to. */
export const typedLines = z
  .array(z.strictObject({ see: pattern, type: z.string() }))
  .min(1)
  .meta({
    description:
      'at a terminal: [{ see: "[$] $", type: hostname }, ...]. Each `type` is typed, with Enter, when what was printed since the last one matches `see`. The result is all that the terminal shows, what was typed included',
  });

type TypedLine = z.output<typeof typedLines>[number];

export interface TerminalResult {
  readonly code: number;
  /** All that the terminal shows, lines ended by a line feed alone. */
  readonly shown: string;
}

/** Runs a program at a terminal of its own and types into it. Rejects when it does not ask what it should, with what it shows. */
export async function runAtTerminal(
  node: Node,
  argv: readonly string[],
  lines: readonly TypedLine[],
  { user, signal }: { readonly user: string; readonly signal: AbortSignal },
): Promise<TerminalResult> {
  const channel = await node.openTerminal(argv, SIZE, user);
  let shown = "";
  channel.output.on("data", (chunk: Buffer) => {
    shown += chunk.toString();
  });
  // It ends with the step, whatever it is at.
  const stop = () => channel.output.destroy();
  signal.addEventListener("abort", stop, { once: true });
  let ended: number | undefined;
  void channel.ended.then((code) => {
    ended = code;
  });
  try {
    let from = 0;
    for (const { see, type } of lines) {
      const look = async () => {
        const since = plain(shown.slice(from));
        if (matching(see, since)) return met(true);
        return ended === undefined ? pending(since) : hopeless(`it ended with ${ended}: ${since.trim()}`);
      };
      await waitFor({ title: `the terminal to show ${see}`, look }, { withinMs: PROMPT_MS, signal });
      from = shown.length;
      channel.input.write(`${type}\r`);
    }
    const end = async () => (ended === undefined ? pending(plain(shown.slice(from))) : met(ended));
    const title = `${argv[0]} to end behind the last line`;
    const code = await waitFor({ title, look: end }, { withinMs: PROMPT_MS, signal });
    return { code, shown: plain(shown) };
  } finally {
    signal.removeEventListener("abort", stop);
    stop();
  }
}

/** A terminal ends its lines with a carriage return as well, and programs colour what they say. */
function plain(shown: string): string {
  return stripVTControlCharacters(shown).replaceAll("\r", "");
}
