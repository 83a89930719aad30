import type { Look } from "./lens.ts";
import type { Node } from "./node.ts";

/**
 * Each program is given as its number of words and the words. They run side by side, and their answers come in their
 * order, each as `CODE BYTES`, a line feed and that many bytes: what `/usr/lib/slurmlab/look` answers.
 */
const TOGETHER = `
LC_ALL=C
folder=$(mktemp -d)
count=0
while [ $# -gt 0 ]; do
  words=$1; shift
  { "\${@:1:words}" > "$folder/$count" 2>&1; echo $? > "$folder/$count.code"; } &
  shift "$words"
  count=$((count + 1))
done
wait
for ((i = 0; i < count; i++)); do
  printf '%d %d\\n' "$(< "$folder/$i.code")" "$(stat -c %s "$folder/$i")"
  cat "$folder/$i"
done
rm -r "$folder"
`;

/** Runs programs on one node side by side, for the price of one `docker exec`. As root. */
export async function runTogether(
  node: Node,
  programs: ReadonlyArray<readonly string[]>,
  signal: AbortSignal,
): Promise<Look[]> {
  const words = programs.flatMap((argv) => [String(argv.length), ...argv]);
  const output = await node.run(["bash", "-c", TOGETHER, "together", ...words], { signal });
  const looks = parseTogether(output);
  if (looks.length === programs.length) return looks;
  throw new Error(`${looks.length} of ${programs.length} programs have answered on ${node.name}`);
}

/** Pure: takes the answers apart. Ends at one that is cut short. */
export function parseTogether(output: string): Look[] {
  let rest = Buffer.from(output);
  const looks: Look[] = [];
  for (;;) {
    const [header = "", code, bytes] = /^(\d+) (\d+)\n/.exec(rest.toString("latin1", 0, 40)) ?? [];
    const end = header.length + Number(bytes);
    if (header === "" || rest.length < end) return looks;
    looks.push({ code: Number(code), output: rest.toString("utf8", header.length, end) });
    rest = rest.subarray(end);
  }
}
