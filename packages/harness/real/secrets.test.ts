import { writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import Docker from "dockerode";
import { extract } from "tar-stream";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { DockerEngine } from "../src/engine/docker.ts";
import { snapshotTag } from "../src/snapshot/record.ts";
import { newFolder, slurmlab } from "./support/cluster-up.ts";
import { hostListeners, type Listener, listenersIn, ownersOf } from "./support/listeners.ts";
import { ProcessWatch, SecretScan } from "./support/secret-scan.ts";

/** Everything that has a secret, and a claim that is false, so that there is evidence. */
const SCENARIO = (auth: string) => `title: A job that exits with 3 is COMPLETED
cluster:
  auth: ${auth}
  nodes:
    - { name: rest, roles: [slurmrestd] }
    - { name: c1, roles: [slurmd], cpus: 2 }
steps:
  - until: { rest: slurm/ping, matches: '"ping' }
  - run: { command: hostname }
  - submit: { run: "env; exit 3" }
    as: job
  - until: { job: $job, is: COMPLETED, within: 30s }
`;

const SECRET_FILES = {
  munge: ["/etc/munge/munge.key", "/etc/slurm/jwt_hs256.key"],
  slurm: ["/etc/slurm/slurm.key", "/etc/slurm/jwt_hs256.key"],
};

/** Keys of the clusters that were looked at, to be compared. */
const keysSeen: Record<string, Buffer>[] = [];

describe.each(["munge", "slurm"] as const)("a cluster with auth: %s", (auth) => {
  const NAME = `secrets-${auth}-${process.pid}`;
  const folder = newFolder();
  const docker = new Docker({ socketPath: inject("socket") });
  const before = hostListeners();
  const told: Record<string, string> = {};
  const secrets: Record<string, Buffer> = {};
  let engine: DockerEngine;
  let id = "";
  let scan: SecretScan;
  let processes: ReadonlySet<string> = new Set();
  let containers: Docker.ContainerInspectInfo[] = [];

  /** Runs a command and keeps what it printed. */
  const command = async (...args: string[]) => {
    const { stdout, stderr } = await slurmlab(args, folder);
    told[args[0] === "scenario" ? "scenario" : args.slice(0, 2).join(" ")] = `${stdout}\n${stderr}`;
    return String(stdout);
  };
  const inNode = async (node: string, ...argv: string[]) =>
    (await engine.exec(`slurmlab-${id}-${node}`, argv)).stdout;

  beforeAll(async () => {
    engine = await DockerEngine.connect({ socketPath: inject("socket") });
    writeFileSync(join(folder, "fails.yaml"), SCENARIO(auth));
    const watch = new ProcessWatch();
    const output = auth === "munge" ? "--verbose" : "--json";
    await command(
      "scenario",
      join(folder, "fails.yaml"),
      "--keep",
      "--junit",
      join(folder, "junit.xml"),
      output,
    );
    const listed = JSON.parse(await command("cluster", "list", "--json")) as Array<{
      id: string;
      scenario: string;
    }>;
    const own = listed.filter(({ scenario }) => scenario === "fails");
    expect(own.length, told.scenario).toBe(1);
    id = own[0]?.id ?? "";
    for (const path of SECRET_FILES[auth])
      secrets[path] = Buffer.from(await inNode("ctl", "base64", "-w0", path), "base64");
    const password = /^StoragePass=(.+)$/m.exec(await inNode("dbd", "cat", "/etc/slurm/slurmdbd.conf"))?.[1];
    secrets.password = Buffer.from(password ?? "");
    const env = await slurmlab(["cluster", "env", id], folder);
    secrets.token = Buffer.from(/SLURM_JWT=\S+\.(\S+)/.exec(String(env.stdout))?.[1] ?? "");
    keysSeen.push({ ...secrets });
    scan = new SecretScan(secrets);
    for (const words of [
      ["status", id, "--json"],
      ["diagnose", id, "--json"],
      ["logs", "--cluster", id, "-n", "100000"],
      ["snapshot", NAME, "--cluster", id],
    ])
      await command("cluster", ...words);
    processes = await watch.stop();
    const filters = { label: [`slurmlab.cluster=${id}`] };
    const list = await docker.listContainers({ all: true, filters });
    containers = await Promise.all(list.map(({ Id }) => docker.getContainer(Id).inspect()));
  });
  afterAll(async () => {
    await slurmlab(["cluster", "down", id]);
    await engine.removeImage(snapshotTag(NAME));
  });

  test("has secrets, and each can be found again in every form", async () => {
    for (const [name, secret] of Object.entries(secrets)) {
      expect(secret.length, name).toBeGreaterThanOrEqual(32);
      const forms = [
        secret,
        secret.toString("hex"),
        secret.toString("base64"),
        encodeURIComponent(secret.toString("latin1")),
      ];
      for (const form of forms) {
        const planted = Buffer.concat([Buffer.from("x".repeat(997)), Buffer.from(form), Buffer.from("x")]);
        expect(scan.in(planted), name).toEqual(expect.arrayContaining([expect.stringContaining(name)]));
        const halves = [planted.subarray(0, 1005), planted.subarray(1005)];
        expect(
          await scan.inStream(
            (async function* () {
              yield* halves;
            })(),
          ),
          name,
        ).not.toEqual([]);
      }
      expect(
        scan.in(Buffer.from(`{"a":"${Buffer.concat([Buffer.from("{"), secret]).toString("base64")}"}`)),
        name,
      ).not.toEqual([]);
    }
  });

  test("has none in what the engine tells of it", async () => {
    const networks = await docker.listNetworks({ filters: { label: [`slurmlab.cluster=${id}`] } });
    const { Volumes: volumes } = await docker.listVolumes({ filters: { label: [`slurmlab.cluster=${id}`] } });
    expect({ nodes: containers.length, networks: networks.length, volumes: volumes.length > 5 }).toEqual({
      nodes: 6,
      networks: 1,
      volumes: true,
    });
    expect(scan.in(JSON.stringify([containers, networks, volumes]))).toEqual([]);
    for (const { Id, Name } of containers) expect(scan.in(await engine.containerLog(Id)), Name).toEqual([]);
  });

  test("has none in the arguments and the environment of any process", () => {
    const all = [...processes];
    expect(
      all.some((text) => text.includes("slurmctld")) &&
        all.some((text) => text.includes("SLURMLAB_DAEMONS=")),
    ).toBe(true);
    expect(scan.in(Buffer.from(all.join("\n"), "latin1"))).toEqual([]);
  });

  test("has none in what its daemons log", async () => {
    for (const { Id, Name } of containers) {
      const looked = scan.looked;
      const files = await engine.getFiles(Id, "/var/log");
      expect(await scan.inStream(files as AsyncIterable<Buffer>), Name).toEqual([]);
      expect(scan.looked, Name).toBeGreaterThan(looked + 1024);
    }
  });

  test("has none in reports, evidence and what commands print", () => {
    expect(Object.keys(told).sort()).toEqual([
      "cluster diagnose",
      "cluster list",
      "cluster logs",
      "cluster snapshot",
      "cluster status",
      "scenario",
    ]);
    for (const [name, text] of Object.entries(told))
      expect({ name, long: text.length > 100, found: scan.in(text) }).toEqual({
        name,
        long: true,
        found: [],
      });
    const looked = scan.looked;
    expect(scan.inFolder(folder)).toEqual({});
    expect(scan.looked).toBeGreaterThan(looked + 100_000);
  });

  test("has none in its images, their history and a snapshot; and no image has a key that all would share", async () => {
    const tags = [...new Set(containers.map(({ Config }) => Config.Image)), snapshotTag(NAME)];
    for (const tag of tags)
      expect(scan.in(JSON.stringify(await docker.getImage(tag).history())), tag).toEqual([]);
    expect(await scan.inStream((await engine.saveImages(tags)) as AsyncIterable<Buffer>)).toEqual([]);
    const names: string[] = [];
    for await (const layer of (await engine.saveImages(tags)).pipe(extract())) {
      if (layer.header.name.endsWith("/layer.tar"))
        for await (const entry of layer.pipe(extract())) {
          names.push(entry.header.name);
          entry.resume();
        }
      else layer.resume();
    }
    expect(names.filter((name) => /etc\/passwd$/.test(name))).not.toEqual([]);
    expect(names.filter((name) => /\.key$|ssh_host_.*_key$|jwks/.test(name))).toEqual([]);
  });

  test("has no user with a password", async () => {
    for (const node of ["login", "c1", "ctl", "db"]) {
      const shadow = (await inNode(node, "cat", "/etc/shadow")).trim().split("\n");
      expect(shadow.length, node).toBeGreaterThan(10);
      expect(
        shadow.filter((line) => !/^[^:]+:[!*]/.test(line)),
        node,
      ).toEqual([]);
    }
  });

  test("listens nowhere but on loopback and its own network, which leads nowhere", async () => {
    for (const { Name, HostConfig, NetworkSettings } of containers) {
      const node = Name.slice(`/slurmlab-${id}-`.length);
      expect((await inNode(node, "ls", "/sys/class/net")).split(/\s+/).filter(Boolean).sort(), node).toEqual([
        "eth0",
        "lo",
      ]);
      expect({
        ports: HostConfig.PortBindings ?? {},
        networks: Object.keys(NetworkSettings.Networks),
      }).toEqual({ ports: {}, networks: [`slurmlab-${id}`] });
    }
    expect(await docker.getNetwork(`slurmlab-${id}`).inspect()).toMatchObject({ Internal: true });
    expect(
      listenersIn(await inNode("rest", "cat", "/proc/net/tcp")).map(({ address }) => address.split(":")[1]),
    ).toContain("1AA4");
  });

  test("listens nowhere on this machine", async () => {
    const isNew = ({ inode }: Listener) => !before.some((each) => each.inode === inode);
    // Others may be at work here: what is the engine's or slurmlab's is ours.
    const ours = () =>
      ownersOf(hostListeners().filter(isNew)).filter(
        (owner) =>
          /dockerd|docker-proxy|containerd|slurm|maria/.test(owner) || owner.startsWith(`${process.pid} `),
      );
    expect(ours()).toEqual([]);
    const planted = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => planted.once("listening", resolve));
    expect(ours()).toEqual([expect.stringMatching(new RegExp(`^${process.pid} `))]);
    planted.close();
  });
});

test("the two have no key, password or token in common", () => {
  const [first, second] = keysSeen;
  const all = [first, second].flatMap((secrets) => Object.values(secrets ?? {}));
  expect(all.length).toBe(8);
  expect(new Set(all.map((secret) => secret.toString("hex"))).size).toBe(8);
});
