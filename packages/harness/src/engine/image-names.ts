/** Repositories of images that slurmlab makes; no registry has them. */
const OURS = /^slurmlab\//;
const LOCAL = "localhost/";

/**
 * An image's name as an engine wants it. Podman keeps what was made or loaded here under `localhost/`, and takes a name without a
 * registry for one of Docker Hub's.
 */
export function nameForEngine(tag: string, podman: boolean): string {
  return podman && OURS.test(tag) ? `${LOCAL}${tag}` : tag;
}

/** The same back: an image's name as it is everywhere else. */
export function nameFromEngine(tag: string): string {
  const name = tag.startsWith(LOCAL) ? tag.slice(LOCAL.length) : tag;
  return OURS.test(name) ? name : tag;
}

/** The images that one line of an engine's answer names as loaded: Docker a line each, Podman all in one. */
export function loadedNames(line: string): string[] {
  const names = /^Loaded image(?:\(s\))?: (\S.*)$/.exec(line.trim())?.[1] ?? "";
  return names.split(",").flatMap((name) => (name.trim() ? [nameFromEngine(name.trim())] : []));
}
