import {
  BuildError,
  findRelease,
  imageSet,
  LockUnmet,
  layeredSet,
  MovedOn,
  type SlurmRelease,
} from "@slurmlab/images";
import { describe, expect, test } from "vitest";
import { checkDisk } from "../src/cli/images/disk.ts";
import { buildFailure } from "../src/cli/images/failures.ts";
import { LabError } from "../src/errors/lab-error.ts";

const set = imageSet(findRelease("24.11") as SlurmRelease, "amd64");
const told = (error: Error, of = set) =>
  buildFailure(error, of, (image) => `.slurmlab/logs/build-${image}.log`) as LabError;

describe("of a build that fails a person is told", () => {
  const failed = told(new BuildError("slurmd", ["line 1", "line 2"], new Error("exit code: 100")));

  test("which image and why, its last lines, where all lines are, and the command that does it again", () => {
    expect(failed.facts).toEqual({
      kind: "broken",
      message: "building the image slurmd failed: exit code: 100",
      seen: "line 1\nline 2",
      where: ".slurmlab/logs/build-slurmd.log",
      hint: "try again with: pnpm images build --slurm 24.11 --verbose",
    });
  });

  test("that the mirror could not be asked, with the time waited that its line has", () => {
    const waited = "slurmlab: the package lists could not be fetched (waited 41 s)";
    const { message, seen } = told(new BuildError("mirror", [waited], new Error("exit code: 100")));
    expect({ message, seen }).toEqual({
      message: "the mirror could not be asked what packages it has",
      seen: waited,
    });
  });

  test("the variant in the command", () => {
    const error = new BuildError("mpi slurmd", [], new Error("exit code: 100"));
    expect(told(error, layeredSet(set, "mpi")).hint).toBe(
      "try again with: pnpm images build --slurm 24.11 --variant mpi --verbose",
    );
  });

  test("the base in the command, where it is a site's", () => {
    const base = { reference: "site/os:12", id: "sha256:0123456789abcdef", suite: "trixie" };
    const on = imageSet(findRelease("24.11") as SlurmRelease, "amd64", { base });
    expect(told(new BuildError("slurmd", [], new Error("")), on).hint).toContain("--base site/os:12");
  });

  test("the reason alone, where it is known better than the build knows it", () => {
    const reason = new LabError({ kind: "no-engine", message: "mmdebstrap is needed" });
    expect(told(new BuildError("base", [], reason))).toBe(reason);
  });

  test("which Slurm the suite has now, when it has moved on", () => {
    expect(told(new MovedOn("trixie", "24.11", "25.05.2"))).toMatchObject({
      kind: "broken",
      seen: expect.stringContaining("trixie carries Slurm 25.05.2"),
    });
  });

  test("which locked packages cannot be had", () => {
    expect(told(new LockUnmet(["tini 0.19: the mirror has 0.20"]))).toMatchObject({
      kind: "broken",
      seen: "tini 0.19: the mirror has 0.20",
    });
  });

  test("what stopped it, when it was stopped", () => {
    const stop = new LabError({ kind: "interrupted", message: "SIGINT: the build was stopped" });
    expect(told(stop)).toBe(stop);
  });
});

describe("a disk", () => {
  test("with too little room is refused before a build, with both figures and the folder", () => {
    const refusal = () => checkDisk("/var/lib/engine", 1240);
    expect(refusal).toThrow(
      expect.objectContaining({
        kind: "broken",
        expected: "3.0 GB free",
        seen: "1.2 GB",
        where: "/var/lib/engine",
      }),
    );
  });

  test("with room is built on", () => {
    expect(() => checkDisk("/var/lib/engine", 3000)).not.toThrow();
  });

  test("of an engine on another machine is not looked at", () => {
    expect(() => checkDisk("/nowhere/at/all")).not.toThrow();
  });
});
