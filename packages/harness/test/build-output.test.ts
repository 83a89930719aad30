import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { followBuild } from "../src/engine/build-output.ts";

const running = new AbortController().signal;

test("a build's lines are told as they come", async () => {
  const [stream, lines]: [PassThrough, string[]] = [new PassThrough(), []];
  stream.end('{"stream":"Step 1/2"}\n{"stream":"one\\ntwo\\n"}\n');
  await followBuild(stream, (line) => lines.push(line), running);
  expect(lines).toEqual(["Step 1/2", "one", "two"]);
});

test("a build that fails rejects with the engine's words", async () => {
  const stream = new PassThrough();
  stream.end('{"error":"exit code: 1"}\n');
  await expect(followBuild(stream, () => {}, running)).rejects.toThrow("exit code: 1");
});

test("a build that is stopped, and says nothing at the time, rejects at once and hangs up", async () => {
  const [stream, stopping] = [new PassThrough(), new AbortController()];
  stream.write('{"stream":"compiling"}\n');
  const following = followBuild(stream, () => stopping.abort(new Error("Ctrl-C")), stopping.signal);
  await expect(following).rejects.toThrow("Ctrl-C");
  expect(stream.destroyed).toBe(true);
});

test("a build that was stopped before it answered is not followed", async () => {
  const stream = new PassThrough();
  const following = followBuild(stream, () => {}, AbortSignal.abort(new Error("Ctrl-C")));
  await expect(following).rejects.toThrow("Ctrl-C");
});

test("an engine that goes away in the middle is an error, and no end of the build", async () => {
  const stream = new PassThrough();
  const following = followBuild(stream, () => {}, running);
  stream.write('{"stream":"Step 1/2"}\n{"str');
  stream.destroy(new Error("aborted"));
  await expect(following).rejects.toThrow("aborted");
});
