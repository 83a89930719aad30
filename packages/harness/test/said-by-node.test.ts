import { describe, expect, test } from "vitest";
import { addressSaid, tokenSaid } from "../src/cli/cluster/said-by-node.ts";

describe("what a node says, in a line that a shell reads", () => {
  test("is a token as scontrol makes it", () => {
    expect(tokenSaid("SLURM_JWT=eyJh.eyJl-_x.AbC-_9\n", "ctl")).toBe("eyJh.eyJl-_x.AbC-_9");
  });
  test("is no token where scontrol made none", () => expect(tokenSaid("error\n", "ctl")).toBeUndefined());
  test("is an address", () => expect(addressSaid("10.213.0.9 STREAM c1\n", "c1")).toBe("10.213.0.9"));
  test("is no address where the node knows none", () => expect(addressSaid("", "c1")).toBe(""));

  test.each(["$(touch\t/tmp/x)", "a.b.c;id", "a.b.`id`", "a.b"])("is never %s for a token", (token) => {
    expect(() => tokenSaid(`SLURM_JWT=${token}\n`, "ctl")).toThrow("something else than a token");
  });
  test.each(["$(id)", "1.2.3.4;id", "::1"])("is never %s for an address", (address) => {
    expect(() => addressSaid(`${address} STREAM\n`, "c1")).toThrow("something else than an address");
  });
});
