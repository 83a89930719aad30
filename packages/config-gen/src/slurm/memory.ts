const MIB: Readonly<Record<string, number>> = { "": 1, M: 1, G: 1024, T: 1024 * 1024 };

/** Reads `1G`, `512M`, `2TiB` or a bare number of MiB, as Slurm does; undefined when it is none of these. */
export function parseMemoryMb(text: string): number | undefined {
  const match = /^(\d+)\s*(?:([MGT])(?:i?B)?)?$/i.exec(text.trim());
  const mb = match ? Number(match[1]) * (MIB[(match[2] ?? "").toUpperCase()] ?? Number.NaN) : Number.NaN;
  return Number.isSafeInteger(mb) ? mb : undefined;
}
