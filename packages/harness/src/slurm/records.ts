/** One line of `scontrol -o show ...`: keys as Slurm prints them. */
export type SlurmRecord = ReadonlyMap<string, string>;

/**
 * Reads `scontrol --oneliner show node|job|...`.
 *
 * A value may have blanks (`Reason=not good [root@...]`, `OS=Linux 6.1 #1 SMP`), so a key is a word of letters,
 * digits and `/:._` after a blank and before `=`, and a value is whatever lies between two keys.
 */
export function parseRecords(text: string): SlurmRecord[] {
  return text
    .split("\n")
    .filter((line) => line.includes("="))
    .map((line) => {
      const keys = [...line.matchAll(/(?:^|\s)([A-Z][A-Za-z0-9/:._-]*)=/g)];
      return new Map(
        keys.map((match, i): [string, string] => {
          const start = match.index + match[0].length;
          return [match[1] ?? "", line.slice(start, keys[i + 1]?.index ?? line.length).trim()];
        }),
      );
    });
}

/** A node's state and its flags: `IDLE+DRAIN` is IDLE with DRAIN. 20.11 writes `DOWN*` for not responding. */
export function parseNodeState(state: string): { base: string; flags: string[] } {
  const [base = "", ...flags] = state.replace("*", "+NOT_RESPONDING").split("+");
  return { base, flags };
}

/** `cpu=2,mem=200M,gres/gpu=1` as a map; values as Slurm prints them. */
export function parseTres(tres: string): ReadonlyMap<string, string> {
  return new Map(
    tres
      .split(",")
      .filter((part) => part.includes("="))
      .map((part): [string, string] => [part.slice(0, part.indexOf("=")), part.slice(part.indexOf("=") + 1)]),
  );
}
