import { PassThrough } from "node:stream";
import { setImmediate as turn } from "node:timers/promises";
import type Docker from "dockerode";
import { describe, expect, test } from "vitest";
import { NetworkTurns } from "../src/engine/network-turns.ts";

/** Starts that a test ends itself, and the engine's word of connections. */
function lab() {
  const streams: PassThrough[] = [];
  const docker = {
    getEvents: async () => {
      await turn();
      const stream = new PassThrough();
      streams.push(stream);
      return stream;
    },
  } as unknown as Docker;
  const turns = new NetworkTurns(docker);
  const begun: string[] = [];
  const start = (container: string, network: string) => {
    const end = Promise.withResolvers<void>();
    const done = turns.start(container, network, () => {
      begun.push(container);
      return end.promise;
    });
    return { end, done };
  };
  const connected = (container: string) => {
    for (const stream of streams)
      stream.write(`${JSON.stringify({ Actor: { Attributes: { container } } })}\n`);
  };
  return { start, connected, begun, streams, turns };
}

async function settled(): Promise<void> {
  for (let i = 0; i < 10; i++) await turn();
}

describe("containers of one network", () => {
  test("start one behind the other's connection, and not its end", async () => {
    const { start, connected, begun } = lab();
    const [a, b] = [start("a", "n"), start("b", "n")];
    await settled();
    expect(begun).toEqual(["a"]);
    connected("a");
    await settled();
    expect(begun).toEqual(["a", "b"]);
    a.end.resolve();
    b.end.resolve();
    await Promise.all([a.done, b.done]);
  });

  test("go on behind a start that fails, which is told of", async () => {
    const { start, begun } = lab();
    const [a, b] = [start("a", "n"), start("b", "n")];
    await settled();
    a.end.reject(new Error("no such image"));
    await expect(a.done).rejects.toThrow("no such image");
    await settled();
    expect(begun).toEqual(["a", "b"]);
    b.end.resolve();
    await b.done;
  });

  test("are taken off it in their turn, too", async () => {
    const { start, begun, turns } = lab();
    const a = start("a", "n");
    await settled();
    const off = turns.change("n", async () => void begun.push("off"));
    await settled();
    expect(begun).toEqual(["a"]);
    a.end.resolve();
    await Promise.all([a.done, off]);
    expect(begun).toEqual(["a", "off"]);
  });
});

test("containers of two networks do not wait for each other, follow the engine once, and let go of it", async () => {
  const { start, begun, streams } = lab();
  const [a, b] = [start("a", "n"), start("b", "m")];
  await settled();
  expect(begun).toEqual(["a", "b"]);
  expect(streams).toHaveLength(1);
  a.end.resolve();
  b.end.resolve();
  await Promise.all([a.done, b.done]);
  await settled();
  expect(streams[0]?.destroyed).toBe(true);
});

test.each([
  ["Docker 20.10.24+dfsg1", true],
  ["Docker 27.5.1", true],
  ["Docker 28.0.0", false],
  ["Podman Engine 5.4.2", false],
])("%s needs turns: %s", (product, needed) => expect(NetworkTurns.needed(product)).toBe(needed));
