import { describe, expect, test } from "vitest";
import type { Owned } from "../src/engine/engine.ts";
import { LABEL } from "../src/engine/labels.ts";
import { keyFiles, maskSecrets } from "../src/evidence/mask.ts";
import { logFiles, type NodeFiles } from "../src/evidence/node-files.ts";

describe("masking", () => {
  test("hides a password and keeps the rest of the line's file", () => {
    expect(
      maskSecrets("etc/slurmdbd.conf", Buffer.from("StorageUser=slurm\nStoragePass=hunter2\nDbdHost=dbd\n")),
    ).toBe("StorageUser=slurm\nStoragePass=********\nDbdHost=dbd\n");
  });
  test("finds it in any case and with blanks", () => {
    expect(maskSecrets("x.conf", Buffer.from("  storagepass =hunter2"))).toBe("  storagepass =********");
  });
  test("leaves keys out altogether", () =>
    expect(maskSecrets("etc/jwt_hs256.key", Buffer.from("abc"))).toBeUndefined());
  test("knows a key by what the configuration says, whatever it is called", () => {
    const said = "AuthAltParameters=jwt_key=/etc/slurm/tokens.bin,jwks=/etc/slurm/public.json\n";
    expect([...keyFiles(["ClusterName=x\n", said])]).toEqual(["tokens.bin", "public.json"]);
  });
});

test("a node's logs are counted once, though what joined it in an upgrade has them too", () => {
  const written = (node: string, labels: Owned["labels"]): NodeFiles => ({
    node,
    container: { kind: "container", id: node, name: node, labels },
    log: [{ path: "slurmdbd.log", text: "[2026-11-25T13:00:00.000] slurmdbd version 26.05.5 started\n" }],
    etc: [],
    missing: {},
  });
  const logs = logFiles([written("dbd", {}), written("dbd-26.05", { [LABEL.upgrade]: "26.05" })]);
  expect(logs.map(({ node }) => node)).toEqual(["dbd"]);
});
