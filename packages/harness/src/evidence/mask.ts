import { basename } from "node:path";

/** Names of the files that a configuration says are keys of tokens, whatever they are called. */
export function keyFiles(texts: readonly string[]): ReadonlySet<string> {
  const said = texts.flatMap((text) => [...text.matchAll(/\b(?:jwt_key|jwks)\s*=\s*"?([^,\s"]+)/gi)]);
  return new Set(said.map(([, path = ""]) => basename(path)));
}

/** A file's text with its secrets hidden, or undefined for a file that is nothing but a secret. */
export function maskSecrets(path: string, content: Buffer): string | undefined {
  if (/\.key$/.test(path)) return undefined;
  return content
    .toString("utf8")
    .replace(/^(\s*(?:StoragePass|AccountingStoragePass|SlurmdbdPass)\s*=).*$/gim, "$1********");
}
