import { describe, expect, test } from "vitest";
import { ScaleInterrupt } from "../src/cli/cluster/scale-interrupt.ts";

function interrupted(pending: string[] = ["put the files back", "remove c3"]) {
  const said: string[] = [];
  const exits: number[] = [];
  const interrupt = new ScaleInterrupt({
    id: "x-aaaaaa",
    undo: { pending },
    note: (line) => void said.push(line),
    exit: (code) => void exits.push(code),
  });
  return { interrupt, said, exits };
}

describe("Ctrl-C while workers are changed", () => {
  test("has it undone", () => {
    const { interrupt, said, exits } = interrupted();
    interrupt.onSignal("SIGINT");
    expect(interrupt.signal.reason).toMatchObject({ kind: "interrupted", message: "SIGINT" });
    expect(said).toEqual(["SIGINT: the cluster is made what it was first; once more to leave at once"]);
    expect(exits).toEqual([]);
  });

  test("leaves at once when it comes again, and says what is left", () => {
    const { interrupt, said, exits } = interrupted();
    interrupt.onSignal("SIGINT");
    interrupt.onSignal("SIGTERM");
    expect(said.slice(1)).toEqual([
      "left undone: put the files back, remove c3",
      "what there is: pnpm cluster status x-aaaaaa; to remove it: pnpm cluster down x-aaaaaa",
    ]);
    expect(exits).toEqual([130]);
  });

  test("is too late once Slurm has its workers, and says so", () => {
    const { interrupt, said, exits } = interrupted();
    interrupt.changed();
    interrupt.onSignal("SIGINT");
    expect(interrupt.signal.aborted).toBe(false);
    expect(said).toEqual([
      "SIGINT: too late, the workers are changed; once more to leave before the rest is removed",
    ]);
    expect(exits).toEqual([]);
  });
});
