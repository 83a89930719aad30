import {
  type ClusterSpecInput,
  compressHostlist,
  expandHostlist,
  HostlistError,
  isPresent,
  nearest,
  prefixOf,
  type WorkerKind,
  type WorkersChange,
  workerKinds,
} from "@slurmlab/config-gen";
import { LabError } from "../../errors/lab-error.ts";

const WORDS = '"c[1-8]": these of their kind; "6": so many of a kind; "+2", "-2": so many more or fewer';

/**
 * What somebody wants who says `c[1-8]`, `6`, `+2` or `-2` of a cluster's workers: the names that come and go. Of names those are meant
 * that are of a kind with them: g1 stays where c[1-8] is said. `like`: a worker of the kind that is meant. Pure.
 */
export function workersChange(
  spec: ClusterSpecInput,
  wanted: string,
  like: string | undefined,
): WorkersChange {
  const kinds = workerKinds(spec);
  const all = spec.nodes.flatMap(({ name }) => expandHostlist(name));
  const model = like === undefined ? undefined : kindWith(kinds, like, all);
  if (/^[+-]?\d+$/.test(wanted)) {
    const kind = model ?? onlyKind(kinds);
    const count = /^[+-]/.test(wanted) ? kind.names.length + Number(wanted) : Number(wanted);
    return checked([[kind, kind.names.slice(0, Math.max(0, count)).concat(following(kind, count, all))]]);
  }
  const names = namesOf(wanted);
  const groups = new Map<WorkerKind, string[]>();
  for (const name of names) {
    const kind = kinds.find((each) => each.names.includes(name)) ?? model ?? kindFor(kinds, name, all);
    groups.set(kind, [...(groups.get(kind) ?? []), name]);
  }
  return checked([...groups]);
}

function checked(groups: readonly (readonly [WorkerKind, readonly string[]])[]): WorkersChange {
  for (const [kind, names] of groups) {
    if (names.length === 0)
      throw new LabError({
        kind: "bad-input",
        message: `no worker like ${kind.names[0]} would be left`,
        expected: "one at least",
        seen: `all of ${compressHostlist(kind.names)} would go`,
        hint: "`pnpm cluster down` removes a whole cluster",
      });
    if (!isPresent({ state: kind.state }))
      throw new LabError({
        kind: "bad-input",
        message: `${compressHostlist(kind.names)} are ${kind.state} nodes, which have no container`,
        expected: "workers that are there",
      });
  }
  return {
    remove: groups.flatMap(([kind, names]) => kind.names.filter((name) => !names.includes(name))),
    add: groups
      .map(([kind, names]) => ({
        names: names.filter((name) => !kind.names.includes(name)),
        // One that stays, so that nothing of a new one depends on what goes.
        like: kind.names.findLast((name) => names.includes(name)) ?? kind.names.at(-1) ?? "",
      }))
      .filter(({ names }) => names.length > 0),
  };
}

/** The names behind those of a kind, until there are so many of it; those that another node has are passed over. */
function following(kind: WorkerKind, count: number, all: readonly string[]): string[] {
  const last = kind.names.at(-1) ?? "";
  const digits = /\d+$/.exec(last)?.[0];
  const missing = count - kind.names.length;
  if (missing <= 0) return [];
  if (digits === undefined)
    throw new LabError({
      kind: "bad-input",
      message: `which names? ${last} has no number that others could follow`,
      expected: `names, such as "${last},${last}2"`,
    });
  const names: string[] = [];
  const taken = new Set(all);
  for (let number = Number(digits) + 1; names.length < missing; number++) {
    const name = prefixOf(last) + String(number).padStart(digits.length, "0");
    if (!taken.has(name)) names.push(name);
  }
  return names;
}

function namesOf(wanted: string): string[] {
  try {
    return [...new Set(expandHostlist(wanted))];
  } catch (error) {
    if (!(error instanceof HostlistError)) throw error;
    throw new LabError({ kind: "bad-input", message: error.message, expected: WORDS, seen: wanted });
  }
}

function onlyKind(kinds: readonly WorkerKind[]): WorkerKind {
  const [only, other] = kinds;
  if (only && !other) return only;
  throw new LabError({
    kind: "bad-input",
    message: only ? "more of which workers?" : "the cluster has no workers that could be more or fewer",
    expected: only ? `one kind of ${shown(kinds)}` : "nodes with the role slurmd alone in the specification",
    ...(only ? { hint: `--like ${only.names[0]}` } : {}),
  });
}

function kindWith(kinds: readonly WorkerKind[], name: string, all: readonly string[]): WorkerKind {
  const found = kinds.find(({ names }) => names.includes(name));
  if (found) return found;
  const workers = kinds.flatMap(({ names }) => names);
  const near = nearest(name, workers);
  throw new LabError({
    kind: "bad-input",
    message: all.includes(name)
      ? `${name} is more than a worker, and there can be no other one like it`
      : `no worker "${name}"`,
    expected: shown(kinds) || "there are none",
    ...(near ? { hint: `did you mean "${near}"?` } : {}),
  });
}

/** The kind that a new name belongs to by what it begins with. */
function kindFor(kinds: readonly WorkerKind[], name: string, all: readonly string[]): WorkerKind {
  if (all.includes(name)) return kindWith(kinds, name, all);
  const fitting = kinds.filter(({ prefixes }) => prefixes.includes(prefixOf(name)));
  const [only, other] = fitting;
  if (only && !other) return only;
  throw new LabError({
    kind: "bad-input",
    message: other
      ? `${name} could be like ${fitting.map(({ names }) => names[0]).join(" or ")}`
      : `no worker is called anything like "${name}"`,
    expected: shown(kinds) || "workers in the specification",
    hint: `say which one it is to be like: --like ${(only ?? kinds[0])?.names[0] ?? "c1"}`,
  });
}

const shown = (kinds: readonly WorkerKind[]) => kinds.map(({ names }) => compressHostlist(names)).join(", ");
