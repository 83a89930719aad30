import { hostname } from "node:os";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { extract } from "tar-stream";
import { getContainerRuntimeClient } from "testcontainers";
import { describe, expect, inject, test } from "vitest";
import { debianMirror } from "../src/base.ts";

// Every file of every layer of every image is opened, those too that a later layer hides.

/** Files that stand for a secret, whatever is in them. */
const SECRET_FILES =
  /(^|\/)(munge\.key|slurm\.key|jwks\.json|jwt_hs256\.key|slurmdbd\.conf|database\.sql|id_[a-z0-9]+|\.bash_history|\.mysql_history|\.netrc)$/;
/** What packages bring is no secret: examples, and the single node's template, whose password is made at start. */
const HARMLESS = /^(usr\/share\/doc\/|etc\/slurmlab\/single-node\/files\/)/;

/** A name of few letters (`vm`) is found by chance anywhere. */
const HOST = [hostname()].filter((name) => name.length > 5);

describe.each(Object.entries(inject("slurmImages")))("no layer of Slurm %s", (_, images) => {
  test("has a key, a password, a name of this machine or of its mirror, or a log", async () => {
    const mirror = await debianMirror();
    const names = [...HOST, ...(mirror ? [new URL(mirror).host] : [])];
    const found = new Set<string>();
    let files = 0;
    await eachLayer(Object.values(images), async (layer) => {
      for await (const entry of layer.pipe(extract())) {
        const { name, type } = entry.header;
        const content = await buffer(entry);
        if (type !== "file") continue;
        files++;
        for (const problem of secretsIn(name, content, names)) found.add(problem);
      }
    });
    expect(files).toBeGreaterThan(1000);
    expect([...found]).toEqual([]);
  });

  test("tells in its history or labels of this machine", async () => {
    const docker = await engine();
    for (const tag of Object.values(images)) {
      const image = docker.getImage(tag);
      const told = JSON.stringify([await image.history(), await image.inspect()]);
      for (const name of HOST) expect(told).not.toContain(name);
      expect(told).not.toMatch(/deb https?:|PASSWORD=[^"]/i);
    }
  });
});

function secretsIn(name: string, content: Buffer, names: readonly string[]): string[] {
  if (HARMLESS.test(name)) return [];
  const text = content.toString("latin1");
  return [
    ...(SECRET_FILES.test(name) ? [`${name}: a secret's file`] : []),
    // gnutls tests itself with keys that are in its library.
    ...(/-----BEGIN [A-Z ]*PRIVATE KEY-----\n/.test(text) && !text.startsWith("\x7fELF")
      ? [`${name}: a private key`]
      : []),
    ...(/(^|\/)shadow-?$/.test(name) && /^[^:]+:[^:*!]+:/m.test(text) ? [`${name}: a password`] : []),
    ...(/^var\/log\/.+/.test(name) && content.length > 0 && !/(lastlog|faillog|btmp|wtmp)$/.test(name)
      ? [`${name}: a log`]
      : []),
    // Programs may well have the words in them that a machine is called.
    ...(/^(etc|home|opt|root|run|srv|tmp|var)\//.test(name) ? names : [])
      .filter((each) => text.includes(each))
      .map((each) => `${name}: ${each}`),
  ];
}

async function engine() {
  return (await getContainerRuntimeClient()).container.dockerode;
}

/** Each layer once, though several images have it: `docker save` of all of them together. */
async function eachLayer(tags: readonly string[], look: (layer: Readable) => Promise<void>): Promise<void> {
  const { modem } = await engine();
  const query = tags.map((tag) => `names=${encodeURIComponent(tag)}`).join("&");
  const saved = await new Promise<Readable>((resolve, reject) => {
    const options = {
      // docker-modem takes the last sign of such a path away.
      path: `/images/get?${query}&`,
      method: "GET",
      isStream: true,
      statusCodes: { 200: true },
    };
    modem.dial(options, (error, stream) => (error ? reject(error) : resolve(stream as Readable)));
  });
  for await (const entry of saved.pipe(extract())) {
    if (entry.header.type === "file" && /layer\.tar$|^blobs\//.test(entry.header.name)) {
      const content = await buffer(entry);
      // An OCI layout keeps its JSON files among the layers.
      if (content[0] !== 0x7b) await look(Readable.from([content]));
    } else entry.resume();
  }
}
