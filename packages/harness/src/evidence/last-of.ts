/**
 * The end of a text, in whole lines, with a line before it that says how much is left out; all of it when it has no more
 * than `most` bytes. What ends a daemon stands at the end of its log, and a log can be larger than a string may be.
 *
 * @param text in Buffers, which the type of a tar's entry does not say
 */
export async function lastOf(text: AsyncIterable<unknown>, most: number): Promise<Buffer> {
  let kept: Buffer[] = [];
  let held = 0;
  let leftOut = 0;
  for await (const chunk of text) {
    const bytes = chunk as Buffer;
    kept.push(bytes);
    held += bytes.length;
    // Not at each chunk: that would copy everything again and again.
    if (held <= 2 * most) continue;
    const end = Buffer.concat(kept).subarray(-most);
    leftOut += held - end.length;
    held = end.length;
    kept = [Buffer.from(end)];
  }
  const all = Buffer.concat(kept);
  if (leftOut + all.length <= most) return all;
  const end = all.subarray(-most);
  const lines = end.subarray(end.indexOf("\n") + 1);
  leftOut += all.length - lines.length;
  return Buffer.concat([Buffer.from(`slurmlab: the first ${leftOut} bytes are left out\n`), lines]);
}
