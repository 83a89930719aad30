/** A file's text with its secrets hidden, or undefined for a file that is nothing but a secret. */
export function maskSecrets(path: string, content: Buffer): string | undefined {
  if (/\.key$/.test(path)) return undefined;
  return content
    .toString("utf8")
    .replace(/^(\s*(?:StoragePass|AccountingStoragePass|SlurmdbdPass)\s*=).*$/gim, "$1********");
}
