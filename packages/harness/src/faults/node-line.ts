import { compressHostlist, expandHostlist } from "@slurmlab/config-gen";

/**
 * slurm.conf with other keys in the NodeName line of one node. Nodes that share a line with it keep theirs. Pure.
 */
export function changeNodeLine(
  text: string,
  node: string,
  keys: Readonly<Record<string, string | number>>,
): string {
  const lines = text.split("\n").flatMap((line) => {
    const match = /^NodeName=(\S+) (.*)$/.exec(line);
    const names = match ? expandHostlist(match[1] ?? "") : [];
    if (!match || !names.includes(node)) return [line];
    const others = names.filter((name) => name !== node);
    const rest = match[2] ?? "";
    const changed = Object.entries(keys).reduce(
      (words, [key, value]) => words.replace(new RegExp(`\\b${key}=\\S+`), `${key}=${value}`),
      rest,
    );
    const kept = others.length > 0 ? [`NodeName=${compressHostlist(others)} ${rest}`] : [];
    return [...kept, `NodeName=${node} ${changed}`];
  });
  return lines.join("\n");
}
