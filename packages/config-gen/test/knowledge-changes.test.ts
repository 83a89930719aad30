import { describe, expect, test } from "vitest";
import {
  CHANGES,
  type Change,
  findKey,
  knowledgeOf,
  PLUGIN_KEYS,
  RELEASES,
} from "../src/knowledge/knowledge.ts";
import { since } from "../src/slurm/version.ts";

const title = ({ key, kind, value, in: release }: Change) => `${key} ${value ?? ""} ${kind} in ${release}`;

function known(slurm: string) {
  const knowledge = knowledgeOf(slurm);
  if (!knowledge) throw new Error(`nothing about ${slurm}`);
  return knowledge;
}

const accepts = (slurm: string, { file, context, key }: Change) => findKey(known(slurm), file, context, key);
const ofKind = (...kinds: Array<Change["kind"]>) => CHANGES.filter(({ kind }) => kinds.includes(kind));

/** Whether a later change says that a key is gone. */
const goneLater = (change: Change, slurm: string) =>
  ofKind("removed", "renamed").some(
    (other) => other.key === change.key && other.file === change.file && since(slurm, other.in),
  );

describe("changes", () => {
  test("are at least sixty, and none is there twice", () => {
    expect(CHANGES.length).toBeGreaterThanOrEqual(60);
    const ids = CHANGES.map((change) => `${change.file} ${change.context} ${title(change)}`);
    expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([]);
  });

  test("name their source, and a value when and only when they are about one", () => {
    for (const change of CHANGES) {
      expect(change.source.length, title(change)).toBeGreaterThan(10);
      expect(change.value !== undefined, title(change)).toBe(change.kind.startsWith("value-"));
    }
  });

  test("of one key or value are in the order of their releases", () => {
    for (const [i, change] of CHANGES.entries())
      for (const later of CHANGES.slice(i + 1))
        if (later.key === change.key && later.file === change.file && later.value === change.value)
          expect(since(later.in, change.in), title(later)).toBe(true);
  });

  test("have instructions in sentences", () => {
    const wrong = CHANGES.filter(({ instead }) => instead !== undefined && !/^[A-Z].*\.$/s.test(instead));
    expect(wrong.map(title)).toEqual([]);
  });
});

/** Keys that lived between two of our releases only, or in builds only that no distribution makes. */
const UNSEEN = new Set(["BlockLevels", "FrontendName"]);

test.each(ofKind("removed", "renamed").map((change) => ({ change, name: title(change) })))(
  "$name: no later table has the key, and an earlier one had it unless no table is as old",
  ({ change }) => {
    const later = RELEASES.filter((slurm) => since(slurm, change.in));
    const earlier = RELEASES.filter((slurm) => !since(slurm, change.in));
    expect(later.filter((slurm) => accepts(slurm, change))).toEqual([]);
    const seen =
      earlier.length === 0 || UNSEEN.has(change.key) || earlier.some((slurm) => accepts(slurm, change));
    expect(seen).toBe(true);
  },
);

test.each(ofKind("ignored", "deprecated").map((change) => ({ change, name: title(change) })))(
  "$name: a table from then on still has the key",
  ({ change }) => {
    const later = RELEASES.filter((slurm) => since(slurm, change.in) && !goneLater(change, slurm));
    for (const slurm of later) expect(accepts(slurm, change), slurm).toBeDefined();
  },
);

test("every key that a table marks as ignored is explained by a change", () => {
  const unexplained = RELEASES.flatMap((slurm) =>
    Object.entries(known(slurm).files).flatMap(([file, contexts]) =>
      Object.entries(contexts).flatMap(([context, keys]) =>
        Object.entries(keys)
          .filter(([key, type]) => {
            const about = (change: Change) =>
              change.file === file &&
              change.context === context &&
              change.key === key &&
              since(slurm, change.in);
            return type === "ignored" && !ofKind("ignored").some(about);
          })
          .map(([key]) => `${slurm} ${file} ${key}`),
      ),
    ),
  );
  expect(unexplained).toEqual([]);
});

test("every key that one release has and a later one has not is explained by a change", () => {
  const unexplained = RELEASES.slice(0, -1).flatMap((slurm, i) => {
    const next = RELEASES[i + 1] ?? "";
    return Object.entries(known(slurm).files).flatMap(([file, contexts]) =>
      Object.entries(contexts).flatMap(([context, keys]) =>
        Object.keys(keys)
          .filter((key) => {
            const about = (change: Change) =>
              change.file === file &&
              change.context === context &&
              change.key === key &&
              since(next, change.in);
            return !findKey(known(next), file, context, key) && !ofKind("removed", "renamed").some(about);
          })
          .map((key) => `${slurm} → ${next}: ${file} ${context} ${key}`),
      ),
    );
  });
  expect(unexplained).toEqual([]);
});

test.each(
  ofKind("value-removed")
    .filter(({ key, value }) => PLUGIN_KEYS[key] && value)
    .map((change) => ({ change, name: title(change) })),
)("$name: no later release has the plugin", ({ change }) => {
  const { type = "", bare } = PLUGIN_KEYS[change.key] ?? {};
  const name = bare ? (change.value ?? "") : (change.value ?? "").slice(type.length + 1);
  const having = RELEASES.filter((slurm) => known(slurm).plugins[type]?.includes(name));
  expect(having.filter((slurm) => since(slurm, change.in))).toEqual([]);
});

test("every plugin that one release has and a later one has not is explained by a change of a key or a value", () => {
  const unexplained = RELEASES.slice(0, -1).flatMap((slurm, i) => {
    const next = RELEASES[i + 1] ?? "";
    return Object.entries(PLUGIN_KEYS).flatMap(([key, { type, bare }]) => {
      const after = findKey(known(next), "slurm.conf", "", key);
      if (!after || after.type === "ignored") return [];
      return (
        (known(slurm).plugins[type] ?? [])
          // pmix_v5 is mpi/pmix for one release of PMIx: the distribution's choice, not Slurm's.
          .filter((name) => !known(next).plugins[type]?.includes(name) && !/^pmix_v/.test(name))
          .map((name) => (bare ? name : `${type}/${name}`))
          .filter((value) => {
            const about = (change: Change) =>
              change.key === key &&
              since(next, change.in) &&
              (change.value === value || change.kind === "ignored");
            return !CHANGES.some(about);
          })
          .map((value) => `${slurm} → ${next}: ${key}=${value}`)
      );
    });
  });
  expect(unexplained).toEqual([]);
});
