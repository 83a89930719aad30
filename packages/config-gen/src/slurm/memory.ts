/** Reads `1G`, `512M`, `2T` or a bare number of MiB, as Slurm does; undefined when it is none of these. */
export function parseMemoryMb(text: string): number | undefined {
  const match = /^(\d+)\s*([MGT]?)(?:i?B)?$/i.exec(text.trim());
  if (!match) return undefined;
  const factor = { "": 1, M: 1, G: 1024, T: 1024 * 1024 }[(match[2] ?? "").toUpperCase()];
  return factor === undefined ? undefined : Number(match[1]) * factor;
}
