import { RELEASES } from "../knowledge/releases.ts";
import { majorOf, parseVersion } from "./version.ts";

/**
 * Which releases a release takes state and database from directly. 24.11 and later take three, those before two:
 * RELEASE_NOTES of each release, and Slurm's page on upgrades ("compatibility window").
 */
const ACCEPTS: ReadonlyArray<readonly [release: string, from: readonly string[]]> = [
  ["20.11", ["20.02", "19.05"]],
  ["21.08", ["20.11", "20.02"]],
  ["22.05", ["21.08", "20.11"]],
  ["23.02", ["22.05", "21.08"]],
  ["23.11", ["23.02", "22.05"]],
  ["24.05", ["23.11", "23.02"]],
  ["24.11", ["24.05", "23.11", "23.02"]],
  ["25.05", ["24.11", "24.05", "23.11"]],
  ["25.11", ["25.05", "24.11", "24.05"]],
  ["26.05", ["25.11", "25.05", "24.11"]],
];

/** Whether one jump is inside the window, and what to do when it is not. */
export type Upgrade =
  | { readonly kind: "same" | "inside" }
  /** Every rung, first and last included: start every daemon and let running jobs end on each. */
  | { readonly kind: "outside"; readonly ladder: readonly string[] }
  /** Slurm takes nothing back: state and database of the new release are not read by the old one. */
  | { readonly kind: "downgrade" }
  | { readonly kind: "unknown"; readonly release: string };

/** Judges the jump from one release to another, `22.05` to `24.11`; patches (`24.11.5`) do not count. */
export function upgrade(oldRelease: string, newRelease: string): Upgrade {
  const order = [...new Set(ACCEPTS.flatMap(([release, before]) => [...before, release]))].sort();
  const [from, to] = [oldRelease, newRelease].map((release) => {
    const version = parseVersion(release);
    return version && order.find((each) => each === majorOf(version));
  });
  if (from === undefined) return { kind: "unknown", release: oldRelease };
  if (to === undefined) return { kind: "unknown", release: newRelease };
  if (from === to) return { kind: "same" };
  if (order.indexOf(from) > order.indexOf(to)) return { kind: "downgrade" };
  const ladder = shortest(from, to);
  return ladder.length === 2 ? { kind: "inside" } : { kind: "outside", ladder };
}

/** Breadth first, backwards from the goal; of those as short, the one with most rungs that can be tried here, and then the newest. */
function shortest(from: string, to: string): readonly string[] {
  let ladders: string[][] = [[to]];
  while (ladders.length > 0) {
    const done = ladders.filter((ladder) => ladder[0] === from);
    const known = (ladder: readonly string[]) =>
      ladder.filter((release) => RELEASES.includes(release)).length;
    const best = done.sort((a, b) => known(b) - known(a))[0];
    if (best) return best;
    ladders = ladders.flatMap((ladder) => {
      const before = ACCEPTS.find(([release]) => release === ladder[0])?.[1] ?? [];
      return before.map((release) => [release, ...ladder]);
    });
  }
  return [];
}
