import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readPublicKey } from "../src/cli/cluster/sshd.ts";
import { LabError } from "../src/errors/lab-error.ts";

const KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBq7 ada@laptop";

/** A home folder with these files in its .ssh. */
function home(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "slurmlab-home-"));
  mkdirSync(join(folder, ".ssh"));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, ".ssh", name), content);
  return folder;
}

function refusal(read: () => unknown): LabError {
  try {
    read();
  } catch (error) {
    if (error instanceof LabError) return error;
  }
  throw new Error("it was not refused");
}

describe("the key that ssh lets in", () => {
  test("is the first that ssh itself would offer", () => {
    const both = home({ "id_rsa.pub": "ssh-rsa AAAA old", "id_ed25519.pub": `${KEY}\n` });
    expect(readPublicKey(undefined, both)).toBe(KEY);
    expect(readPublicKey(undefined, home({ "id_rsa.pub": "ssh-rsa AAAA" }))).toBe("ssh-rsa AAAA");
  });

  test("is the one that is named, when one is", () => {
    const named = join(home({ "work.pub": KEY }), ".ssh", "work.pub");
    expect(readPublicKey(named, home({}))).toBe(KEY);
  });

  test("is bad input when it is the private half, of which nothing is shown", () => {
    const secret = "-----BEGIN OPENSSH PRIVATE KEY-----\nc2VjcmV0\n-----END OPENSSH PRIVATE KEY-----\n";
    const { kind, seen, message } = refusal(() => readPublicKey(join(home({ id: secret }), ".ssh", "id")));
    expect([kind, seen]).toEqual(["bad-input", "a private key, which stays where it is"]);
    expect(message).not.toContain("c2VjcmV0");
  });

  test.each([
    ["several lines", `${KEY}\n${KEY}\n`],
    ["an option before the key", `command="id" ${KEY}`],
    ["nothing", ""],
  ])("is bad input when it is %s", (_, content) => {
    expect(refusal(() => readPublicKey(undefined, home({ "id_ed25519.pub": content }))).kind).toBe(
      "bad-input",
    );
  });

  test("is bad input when there is none, with the ways out", () => {
    const { hint, expected } = refusal(() => readPublicKey(undefined, home({})));
    expect(hint).toBe("make one with ssh-keygen, or name one: --key FILE.pub");
    expect(expected).toMatch(/id_ed25519\.pub or .*id_rsa\.pub$/);
  });
});
