import { existsSync, mkdtempSync, readFileSync, readlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { embedded, embeddedPid, purgeEmbedded, startEmbedded, stopEmbedded } from "../src/engine/embedded.ts";
import { answersAt, whyNoDockerd } from "./support/own-dockerd.ts";

describe.skipIf(whyNoDockerd !== "")(`slurmlab's own engine ${whyNoDockerd}`, () => {
  const place = embedded({ SLURMLAB_STATE: mkdtempSync(join(tmpdir(), "lab-")) });
  const answers = () => answersAt(place.socket);
  afterAll(() => purgeEmbedded(place));

  test("starts beside any other engine, and answers", async () => {
    await startEmbedded(place, answers);
    expect({ answers: await answers(), runs: embeddedPid(place) !== undefined }).toEqual({
      answers: true,
      runs: true,
    });
  });

  test("depends on no folder of whoever started it, which may be gone before it", () => {
    const process = `/proc/${embeddedPid(place)}`;
    const variables = readFileSync(`${process}/environ`, "utf8").split("\0");
    expect({
      cwd: readlinkSync(`${process}/cwd`),
      temporary: variables.filter((variable) => variable.startsWith("TMPDIR=")),
    }).toEqual({ cwd: "/", temporary: [`TMPDIR=${join(place.folder, "tmp")}`] });
  });

  test("is not started a second time", async () => {
    const pid = embeddedPid(place);
    await Promise.all([startEmbedded(place, answers), startEmbedded(place, answers)]);
    expect(embeddedPid(place)).toBe(pid);
  });

  test("stops when it is told to, and says when there was nothing to stop", async () => {
    expect([await stopEmbedded(place), await stopEmbedded(place), await answers()]).toEqual([
      true,
      false,
      false,
    ]);
  });

  test("can be started by two commands at once", async () => {
    await Promise.all([startEmbedded(place, answers), startEmbedded(place, answers)]);
    expect(await answers()).toBe(true);
  });

  test("leaves no folder, no mount and no process when it is purged", async () => {
    await purgeEmbedded(place);
    expect({ folder: existsSync(place.folder), pid: embeddedPid(place) }).toEqual({
      folder: false,
      pid: undefined,
    });
  });

  test("that cannot start says so with its own last lines and its log", async () => {
    const broken = embedded({ SLURMLAB_STATE: mkdtempSync(join(tmpdir(), "lab-")) });
    const unusable = { ...broken, socket: "/nonexistent/docker.sock" };
    await expect(startEmbedded(unusable, async () => false)).rejects.toMatchObject({
      kind: "no-engine",
      where: broken.log,
      seen: expect.stringMatching(/nonexistent/),
    });
    await purgeEmbedded(broken);
  });
});
