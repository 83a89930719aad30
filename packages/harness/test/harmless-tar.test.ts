import { execFileSync } from "node:child_process";
import { lstatSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { type Header, pack } from "tar-stream";
import { describe, expect, test } from "vitest";
import { harmless } from "../src/cli/cluster/harmless-tar.ts";

type Entry = Pick<Header, "name"> & Partial<Header> & { readonly content?: string };

/** Passes entries on and unpacks what comes with tar, as `cluster cp` does; the folder, and what was left out. */
async function unpacked(entries: ReadonlyArray<Entry>) {
  const malicious = pack();
  for (const { content, ...header } of entries) malicious.entry(header, content ?? "");
  malicious.finalize();
  const { tar, leftOut, done } = harmless(Readable.from(malicious));
  const [bytes] = await Promise.all([buffer(tar), done]);
  const folder = mkdtempSync(join(tmpdir(), "slurmlab-tar-"));
  execFileSync("tar", ["--extract", "--no-same-owner", `--directory=${folder}`], { input: bytes });
  return { folder, leftOut };
}

describe("files of a node, copied to this machine", () => {
  test("have their content, and who may read, write and run them", async () => {
    const { folder } = await unpacked([
      { name: "out/", type: "directory", mode: 0o755 },
      { name: "out/run.sh", mode: 0o750, content: "#!/bin/sh\n" },
      { name: "out/link", type: "symlink", linkname: "run.sh" },
      { name: "out/empty", content: "" },
    ]);
    expect(readdirSync(join(folder, "out")).sort()).toEqual(["empty", "link", "run.sh"]);
    expect(readFileSync(join(folder, "out/link"), "utf8")).toBe("#!/bin/sh\n");
    expect(lstatSync(join(folder, "out/run.sh")).mode & 0o7777).toBe(0o750);
  });

  test("are not setuid, or the node's program would be root's here", async () => {
    const { folder } = await unpacked([{ name: "su", mode: 0o6755, content: "x" }]);
    expect(lstatSync(join(folder, "su")).mode & 0o7777).toBe(0o755);
  });

  test("are no devices and no pipes", async () => {
    const { folder, leftOut } = await unpacked([
      { name: "sda", type: "block-device", devmajor: 8, devminor: 0, mode: 0o666 },
      { name: "mem", type: "character-device", devmajor: 1, devminor: 1, mode: 0o666 },
      { name: "pipe", type: "fifo" },
      { name: "file", content: "behind them" },
    ]);
    expect(readdirSync(folder)).toEqual(["file"]);
    expect(leftOut).toEqual(["sda (block-device)", "mem (character-device)", "pipe (fifo)"]);
  });

  test.each<[string, Entry]>([
    ["a name above it", { name: "../evil" }],
    ["an absolute name", { name: "/etc/cron.d/evil" }],
    ["a way around", { name: "a/../../evil" }],
    ["a hard link to above it", { name: "a", type: "link", linkname: "../../etc/shadow" }],
  ])("do not get out of the folder by %s", async (_, header) => {
    await expect(unpacked([header])).rejects.toThrow("out of the folder");
  });

  test("do not get out of it through a link of their own", async () => {
    const outside = mkdtempSync(join(tmpdir(), "slurmlab-outside-"));
    writeFileSync(join(outside, "file"), "mine");
    await unpacked([
      { name: "way", type: "symlink", linkname: outside },
      { name: "way/file", content: "theirs" },
    ]).catch(() => {}); // tar may refuse all of it
    expect(readFileSync(join(outside, "file"), "utf8")).toBe("mine");
  });

  test("that break off in the middle are an error", async () => {
    const broken = Readable.from(
      (async function* () {
        yield Buffer.alloc(100, "x");
        throw new Error("the node has gone");
      })(),
    );
    const { tar, done } = harmless(broken);
    const [read, end] = await Promise.allSettled([buffer(tar), done]);
    expect([read.status, end.status]).toEqual(["rejected", "rejected"]);
  });
});
