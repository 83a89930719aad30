import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PRESETS, planCluster } from "@slurmlab/config-gen";
import { findRelease, imageSet, type SlurmRelease } from "@slurmlab/images";
import { execa } from "execa";
import { describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { containerSpec } from "../src/cluster/container-spec.ts";
import type { Facts } from "../src/cluster/ground.ts";
import { toCreateOptions } from "../src/engine/create-options.ts";
import { scenarioJsonSchema } from "../src/scenario/schema.ts";
import { readYaml } from "../src/scenario/yaml.ts";
import { arrayTasks } from "../src/slurm/array.ts";

const ROOT = join(import.meta.dirname, "../../..");

/** Says a file or folder of this machine wherever there is a text that can be one. */
const REACHING = {
  nodes: [
    { name: "ctl[1-2]", roles: ["slurmctld"] },
    { name: "c1", roles: ["slurmd"], gpus: { type: "a100", count: 1 }, slurm: { NodeAddr: "127.0.0.1" } },
  ],
  gres: [{ NodeName: "c1", Name: "gpu", Type: "a100", File: "/dev/sda" }],
  files: { "plugstack.conf": "include /etc/shadow\n" },
  scripts: { prolog: "/etc/shadow", jobSubmit: "../../../etc/shadow" },
  overrides: {
    "slurm.conf": {
      StateSaveLocation: "/etc",
      SlurmdSpoolDir: "/root",
      SlurmctldLogFile: "../../../../etc/shadow",
      PidFile: null,
    },
    "slurmdbd.conf": { LogFile: "/etc/shadow" },
    "cgroup.conf": { CgroupMountpoint: "/" },
  },
};

const FACTS: Facts = {
  cgroup: "v1",
  cgroupWhy: "",
  mockGpus: { major: 195 },
  undetectable: {},
  hostGpus: [],
  realGpus: { why: "no driver" },
};

describe("a specification from elsewhere that names paths of this machine", () => {
  const { overrides, ...rest } = REACHING;
  const { PidFile: _, ...slurmConf } = overrides["slurm.conf"];
  const spec = { ...rest, overrides: { ...overrides, "slurm.conf": slurmConf } };

  test("makes containers that have none of them, and no network, device or name space of this machine", () => {
    const planned = planCluster(spec, { defaultSlurm: "24.11" });
    if (!planned.ok) throw new Error(planned.problems.map(({ message }) => message).join("\n"));
    const { plan } = planned;
    const images = imageSet(findRelease("24.11") as SlurmRelease, "amd64");
    const around = {
      id: "x",
      labels: {},
      network: {
        name: "slurmlab-x",
        addresses: Object.fromEntries(plan.nodes.map((n) => [n.name, "10.0.0.9"])),
      },
      facts: FACTS,
      gpus: undefined,
      restored: false,
    };
    for (const node of plan.nodes) {
      const made = containerSpec({ ...node, packed: [] }, { plan, images }, around);
      const { HostConfig: host } = toCreateOptions(made, { appArmor: false, gpuDriver: undefined });
      expect({
        binds: host.Binds,
        kinds: [...new Set(host.Mounts?.map(({ Type }) => Type))],
        sources: host.Mounts?.map(({ Source }) => Source).filter(
          (source) => source && !source.startsWith("slurmlab-x"),
        ),
        devices: host.Devices,
        network: host.NetworkMode,
        names: [host.PidMode, host.IpcMode, host.UTSMode, host.UsernsMode],
        privileged: host.Privileged,
      }).toEqual({
        binds: undefined,
        kinds: host.Mounts?.length ? ["volume"] : [],
        sources: [],
        devices: undefined,
        network: "slurmlab-x",
        names: [undefined, undefined, undefined, undefined],
        privileged: false,
      });
    }
  });

  test("is rendered without a look at any file but its own", async () => {
    const folder = mkdtempSync(join(tmpdir(), "slurmlab-spec-"));
    const file = join(folder, "spec.yaml");
    writeFileSync(file, stringify(spec));
    const leave = [ROOT, folder].map((path) => `--allow-fs-read=${path}/*`);
    const argv = [
      "--permission",
      ...leave,
      "packages/harness/src/cli/main.ts",
      "config",
      "render",
      file,
      "--json",
    ];
    const { exitCode, stdout, stderr } = await execa(process.execPath, argv, { cwd: ROOT, reject: false });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(JSON.stringify(JSON.parse(stdout))).toContain("include /etc/shadow");
  });
});

test("no word of a specification or of a scenario asks for something of the machine that runs it", () => {
  const words = new Set<string>();
  const read = (schema: unknown) => {
    if (typeof schema !== "object" || schema === null) return;
    const { properties } = schema as { properties?: object };
    for (const word of Object.keys(properties ?? {})) words.add(word);
    for (const part of Object.values(schema)) read(part);
  };
  read(scenarioJsonSchema());
  expect(words.size).toBeGreaterThan(200);
  const ofMachines =
    /mount|bind|volume|privileg|capabilit|device|network_?mode|^networks?$|host_?path|seccomp|apparmor|security|publish|^ports$|image|^env|dockerfile|^socket$/i;
  expect([...words].filter((word) => ofMachines.test(word))).toEqual([]);
});

describe("a document that is made to be read for ever", () => {
  const nodes = "title: x\ncluster: { nodes: [{ name: c1, roles: [slurmd] }] }\n";
  const messages = (text: string) => {
    const read = readYaml(text, "x.yaml");
    return read.ok ? [] : read.problems.map(({ message }) => message);
  };

  test("by aliases of aliases is refused", () => {
    const levels = [..."bcdefghi"].map((name, i) => `${name}: &${name} [${`*${"abcdefgh"[i]},`.repeat(9)}]`);
    expect(messages(`a: &a [x]\n${levels.join("\n")}`)).toEqual([expect.stringContaining("alias")]);
  });
  test("by its depth is refused", () => {
    expect(messages("[".repeat(50_000))).toContain("Maximum call stack size exceeded");
  });
  test("by its length is refused before it is read", () => {
    expect(messages("#".repeat(8_000_001))).toEqual([expect.stringContaining("8000000 at most")]);
  });
  test("by a job array of all numbers is refused", () => {
    expect(arrayTasks("0-99999999999")).toBeUndefined();
    expect(messages(`${nodes}steps: [{ submit: { run: x, array: "0-99999999999" } }]\n`)).toEqual([
      expect.stringContaining("task numbers"),
    ]);
  });
  test("by names for a million nodes is refused", () => {
    const many = nodes.replace("name: c1", 'name: "a[1-1000]b[1-1000]c[1-1000]"');
    expect(messages(`${many}steps: [{ submit: { run: x } }]\n`).join()).toContain("more than 65536 hosts");
  });
});

describe("a word that is a property of every object", () => {
  const words = ["__proto__", "constructor", "toString", "hasOwnProperty", "valueOf"];
  const cluster = "title: x\ncluster: { nodes: [{ name: c1, roles: [slurmd] }] }\n";
  const read = (text: string) => readYaml(text, "x.yaml");

  test.each(words)("%s is no verb, no fault, no result and no key of slurm.conf", (word) => {
    const steps = [
      `{ ${word}: { a: 1 } }`,
      `{ inject: { fault: ${word}, on: c1 } }`,
      `{ until: { job: $${word}, is: COMPLETED } }`,
    ];
    for (const step of steps) expect(read(`${cluster}steps: [${step}]\n`).ok).toBe(false);
    expect(
      planCluster(
        { ...PRESETS.minimal, overrides: { "slurm.conf": { [word]: "1" } } },
        { defaultSlurm: "24.11" },
      ).ok,
    ).toBe(word === "__proto__");
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  test("__proto__ in a document changes no object", () => {
    read(
      `__proto__: { polluted: 1 }\n${cluster}steps: [{ submit: { run: x, __proto__: { polluted: 1 } } }]\n`,
    );
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  test.each(["constructor", "tostring", "valueof"])("%s is a node's name as any other", (name) => {
    expect(read(`${cluster.replace("c1", name)}steps: [{ submit: { run: x } }]\n`).ok).toBe(true);
  });
});
