import { findKey, type KnownKey } from "../knowledge/knowledge.ts";
import type { Setting } from "../read/conf-file.ts";
import type { Subject } from "./rule.ts";

/** One setting of a site, with what the release knows of it. */
export interface SiteSetting {
  readonly setting: Setting;
  readonly file: string;
  /** The record's first key, as written, or "" outside of records. */
  readonly context: string;
  /** Undefined where the release refuses the key. */
  readonly known: KnownKey | undefined;
}

/** Several rules look at all of them, and a large site has a hundred thousand. */
const SETTINGS = new WeakMap<Subject["site"], readonly SiteSetting[]>();

/** Every setting of every file that the release knows, records' own ones after the record's name. */
export function settingsOf({ site, knowledge }: Pick<Subject, "site" | "knowledge">): readonly SiteSetting[] {
  const made = SETTINGS.get(site);
  if (made) return made;
  const all: SiteSetting[] = [];
  for (const [file, conf] of site.confs) {
    if (!knowledge.files[file]) continue;
    for (const line of conf.lines) {
      all.push({ setting: line, file, context: "", known: findKey(knowledge, file, "", line.key) });
      for (const setting of line.attributes)
        all.push({
          setting,
          file,
          context: line.key,
          known: findKey(knowledge, file, line.key, setting.key),
        });
    }
  }
  SETTINGS.set(site, all);
  return all;
}
