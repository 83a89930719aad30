/** Messages that wait in slurmctld to be sent to slurmdbd, from `sdiag`; undefined when it does not say. */
export function dbdQueue(sdiag: string): number | undefined {
  const [, size] = /^\s*DBD Agent queue size:\s*(\d+)/m.exec(sdiag) ?? [];
  return size === undefined ? undefined : Number(size);
}
