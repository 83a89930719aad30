import { distance } from "fastest-levenshtein";

/**
 * The known word that a person most likely meant, or undefined when none is near.
 *
 * Near means a Levenshtein distance of at most a third of the word's length, and at least two (a swap of
 * neighbours): `gpujob` finds `gpu-job`, `xyz` finds nothing in a list of long words.
 */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  let best: string | undefined;
  let limit = Math.min(Math.max(2, Math.floor(word.length / 3)), word.length - 1) + 1;
  for (const candidate of known) {
    const far = distance(word.toLowerCase(), candidate.toLowerCase());
    if (far < limit) [best, limit] = [candidate, far];
  }
  return best;
}
