import type { Readable } from "node:stream";

/** Of one program's output as much is kept, in bytes. A step that floods must not take the run with it, or its report. */
const MOST_BYTES = 16 * 1024 * 1024;

/** All that a stream brings, as text; of more than `most` bytes the beginning, and a last line that says what was left out. */
export async function boundedText(stream: Readable, most = MOST_BYTES): Promise<string> {
  const kept: Buffer[] = [];
  let room = most;
  let left = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    const fits = chunk.subarray(0, room);
    if (fits.length > 0) kept.push(fits);
    room -= fits.length;
    left += chunk.length - fits.length;
  }
  const text = Buffer.concat(kept).toString("utf8");
  return left === 0 ? text : `${text}\n[slurmlab left out ${left} bytes behind this]\n`;
}
