import { compressHostlist, expandHostlist } from "@slurmlab/config-gen";

/** A list of nodes where Slurm's files have one: of a NodeName line, of a partition, a node set, a switch. */
const LISTS = /(^|\s)(NodeName|Nodes)=(\S+)/gi;

/** The same file with one more node beside another one, wherever that is named: alike in every line. Pure. */
export function withNode(text: string, name: string, like: string): string {
  return changeLists(text, (names) =>
    names.includes(like) && !names.includes(name) ? [...names, name] : names,
  );
}

/** The same file without a node. A NodeName line that is nobody's then goes. Pure. */
export function withoutNode(text: string, name: string): string {
  const lines = text
    .split("\n")
    .filter((line) => !new RegExp(`^NodeName=${name.replaceAll(".", "\\.")}(\\s|$)`, "i").test(line));
  return changeLists(lines.join("\n"), (names) => names.filter((each) => each !== name));
}

function changeLists(text: string, change: (names: readonly string[]) => readonly string[]): string {
  return text
    .split("\n")
    .map((line) =>
      line.startsWith("#")
        ? line
        : line.replace(LISTS, (whole, before: string, key: string, list: string) => {
            const names = namesIn(list);
            if (!names) return whole;
            const changed = change(names);
            return changed.length === names.length
              ? whole
              : `${before}${key}=${compressHostlist([...changed])}`;
          }),
    )
    .join("\n");
}

/** Undefined for what stands for nodes and names none: ALL, DEFAULT, a node set. */
function namesIn(list: string): string[] | undefined {
  try {
    return expandHostlist(list);
  } catch {
    return undefined;
  }
}
