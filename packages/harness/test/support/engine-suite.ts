import { randomBytes } from "node:crypto";
import { PassThrough, Readable } from "node:stream";
import { buffer, text } from "node:stream/consumers";
import { extract, pack } from "tar-stream";
import { afterEach, describe, expect, test } from "vitest";
import { createClusterNetwork } from "../../src/cluster/network.ts";
import type { ContainerSpec, Engine } from "../../src/engine/engine.ts";
import { LABEL } from "../../src/engine/labels.ts";

/** What every engine must do, in memory or real. `image` must have bash, cat and a program that stays. */
export function engineSuite(
  title: string,
  subject: { engine: () => Engine; image: () => string; real: boolean },
): void {
  const id = `suite-${randomBytes(3).toString("hex")}`;
  const labels = { [LABEL.tool]: "test", [LABEL.cluster]: id };
  const spec = (name: string, more: Partial<ContainerSpec> = {}): ContainerSpec => ({
    name: `slurmlab-${id}-${name}`,
    hostname: name,
    image: subject.image(),
    labels,
    capabilities: [],
    entrypoint: ["sleep", "600"],
    ...more,
  });
  const owned = async () =>
    (await subject.engine().listOwned()).filter((part) => part.labels[LABEL.cluster] === id);

  describe(title, () => {
    afterEach(async () => {
      const engine = subject.engine();
      for (const kind of ["container", "volume", "network"] as const) {
        for (const part of await owned()) if (part.kind === kind) await engine.remove(kind, part.id);
      }
    });

    test("a container is listed by its labels, with its state", async () => {
      const engine = subject.engine();
      const container = await engine.createContainer(spec("a"));
      await engine.startContainer(container);
      expect((await owned()).map(({ kind, name, state }) => ({ kind, name, state }))).toEqual([
        { kind: "container", name: `slurmlab-${id}-a`, state: "running" },
      ]);
    });

    test.runIf(subject.real)("a program gets a terminal of the size that is asked for", async () => {
      const engine = subject.engine();
      const container = await engine.createContainer(spec("a"));
      await engine.startContainer(container);
      const script = "read line; tty; stty size; echo got $line; exit 7";
      const terminal = await engine.openTerminal(container, ["sh", "-c", script], { columns: 90, rows: 30 });
      const printed = text(terminal.output);
      terminal.input.write("hello\n");
      expect(await terminal.ended).toBe(7);
      expect(await printed).toMatch(/\/dev\/pts\/\d+\s+30 90\s+got hello/);
    });

    test("files that were put into a container that is not started yet come out again", async () => {
      const engine = subject.engine();
      const container = await engine.createContainer(spec("a"));
      const tar = pack();
      tar.entry({ name: "etc/slurm/slurm.conf", mode: 0o640 }, "ClusterName=lab\n");
      tar.finalize();
      await engine.putFiles(container, Readable.from(tar));
      const names: string[] = [];
      for await (const entry of (await engine.getFiles(container, "/etc/slurm")).pipe(extract())) {
        const content = await buffer(entry);
        if (entry.header.type === "file") names.push(`${entry.header.name}: ${content.toString()}`);
      }
      expect(names).toContain("slurm/slurm.conf: ClusterName=lab\n");
    });

    test.runIf(subject.real)(
      "the first program reads what the first start gives it, and no more",
      async () => {
        const engine = subject.engine();
        const entrypoint = ["sh", "-c", "[ -e /came ] || cat > /came; sleep 600"];
        const container = await engine.createContainer({ ...spec("a"), entrypoint, readsInput: true });
        await engine.startContainer(container, Readable.from([Buffer.from("from outside\n")]));
        const came = async () =>
          (await engine.exec(container, ["sh", "-c", "cat /came; wc -l < /came"])).stdout;
        await expect.poll(came).toBe("from outside\n1\n");
        await engine.killContainer(container);
        await engine.startContainer(container);
        expect(await came()).toBe("from outside\n1\n");
      },
    );

    test.runIf(subject.real)(
      "a first program that ends without reading its input has been started",
      async () => {
        const engine = subject.engine();
        const container = await engine.createContainer({
          ...spec("a"),
          entrypoint: ["true"],
          readsInput: true,
        });
        await engine.startContainer(container, Readable.from([Buffer.alloc(5_000_000)]));
        expect(await engine.waitForExit(container)).toBe(0);
      },
    );

    test("removing what is not there is no error", async () => {
      const engine = subject.engine();
      for (const kind of ["container", "network", "volume"] as const) {
        await expect(engine.remove(kind, `slurmlab-${id}-nothing`)).resolves.toBeUndefined();
      }
    });

    test("two networks never get one subnet, even when they choose the same", async () => {
      const engine = subject.engine();
      const make = (name: string) =>
        createClusterNetwork(engine, { name: `slurmlab-${id}-${name}`, labels, nodes: ["ctl", "c1"] });
      const networks = await Promise.all(["n1", "n2", "n3"].map(make));
      expect(new Set(networks.map((network) => network.addresses.ctl)).size).toBe(3);
    });

    test("a subnet that is taken is refused in words that the search for another understands", async () => {
      const engine = subject.engine();
      const subnet = "10.215.7.0/24";
      await engine.createNetwork({ name: `slurmlab-${id}-x`, subnet, labels });
      await expect(engine.createNetwork({ name: `slurmlab-${id}-y`, subnet, labels })).rejects.toThrow(
        /overlap/i,
      );
    });

    test("a program in a container that does not run is refused", async () => {
      const engine = subject.engine();
      const container = await engine.createContainer(spec("a"));
      await expect(engine.exec(container, ["true"])).rejects.toThrow(/not running/);
    });

    test.runIf(subject.real)("a container whose image is gone is refused in words that say so", async () => {
      const image = "slurmlab/gone:1";
      const made = subject.engine().createContainer({ ...spec("a"), image });
      await expect(made).rejects.toMatchObject({
        kind: "broken",
        message: "the image of a is not in the engine any more",
        expected: expect.stringContaining(image),
      });
    });

    test.runIf(subject.real)(
      "is told of a container that ends by itself, and not of one that is killed from here",
      async () => {
        const engine = subject.engine();
        const stop = new AbortController();
        const ends: Array<[string, number]> = [];
        const told = Promise.withResolvers<void>();
        await engine.followEnds(
          `${LABEL.cluster}=${id}`,
          ({ container, exitCode }) => {
            ends.push([container, exitCode]);
            told.resolve();
          },
          stop.signal,
        );
        const killed = await engine.createContainer(spec("killed"));
        await engine.startContainer(killed);
        await engine.killContainer(killed);
        await engine.startContainer(await engine.createContainer(spec("fails")));
        await engine.remove("container", spec("fails").name);
        const fails = await engine.createContainer({ ...spec("fails"), entrypoint: ["sh", "-c", "exit 7"] });
        await engine.startContainer(fails);
        await told.promise;
        stop.abort();
        expect(ends).toEqual([[fails, 7]]);
      },
    );

    test("a container that was killed has exited, and runs when it is started again", async () => {
      const engine = subject.engine();
      const container = await engine.createContainer(spec("a"));
      await engine.startContainer(container);
      await engine.killContainer(container);
      expect((await owned())[0]?.state).toBe("exited");
      await engine.startContainer(container);
      expect((await owned())[0]?.state).toBe("running");
    });

    test("a container that does not run cannot be killed", async () => {
      const engine = subject.engine();
      const container = await engine.createContainer(spec("a"));
      await expect(engine.killContainer(container)).rejects.toThrow(/not running/);
    });

    test("pausing and unpausing twice is harmless, and nothing can be run in between", async () => {
      const engine = subject.engine();
      const container = await engine.createContainer(spec("a"));
      await engine.startContainer(container);
      await engine.pauseContainer(container);
      await engine.pauseContainer(container);
      expect((await owned())[0]?.state).toBe("paused");
      await expect(engine.exec(container, ["true"])).rejects.toThrow(/paused/);
      await engine.unpauseContainer(container);
      await engine.unpauseContainer(container);
      expect((await engine.exec(container, ["true"])).code).toBe(0);
    });

    test("a paused container can be removed", async () => {
      const engine = subject.engine();
      const container = await engine.createContainer(spec("a"));
      await engine.startContainer(container);
      await engine.pauseContainer(container);
      await engine.remove("container", container);
      expect(await owned()).toEqual([]);
    });

    test("unplugging and plugging in twice is harmless", async () => {
      const engine = subject.engine();
      const name = `slurmlab-${id}-plug`;
      const { addresses } = await createClusterNetwork(engine, { name, labels, nodes: ["a"] });
      const address = addresses.a ?? "";
      const container = await engine.createContainer(spec("a", { network: { name, address } }));
      await engine.startContainer(container);
      for (let i = 0; i < 2; i++) await engine.disconnect(name, container);
      for (let i = 0; i < 2; i++) await engine.connect(name, container, address);
    });

    test("a container cannot join one that does not run", async () => {
      const engine = subject.engine();
      const machine = await engine.createContainer(spec("a"));
      const join = async () => {
        const joining = await engine.createContainer(spec("b", { joins: machine }));
        await engine.startContainer(joining);
      };
      await expect(join()).rejects.toThrow(/cannot join/);
    });

    test("an image that is not there is said not to be there", async () => {
      expect(await subject.engine().hasImage("slurmlab/none:never")).toBe(false);
    });
  });

  if (!subject.real) return;
  describe(`${title}, with real programs`, () => {
    afterEach(async () => {
      for (const part of await owned()) await subject.engine().remove(part.kind, part.id);
    });

    const started = async (more: Partial<ContainerSpec> = {}) => {
      const container = await subject.engine().createContainer(spec("a", more));
      await subject.engine().startContainer(container);
      return container;
    };

    test("a program's exit code, output and error come back apart", async () => {
      const container = await started();
      const result = await subject.engine().exec(container, ["bash", "-c", "echo out; echo err >&2; exit 7"]);
      expect(result).toEqual({ code: 7, stdout: "out\n", stderr: "err\n" });
    });

    test("standard input reaches a program to its end", async () => {
      const container = await started();
      const input = "x".repeat(300_000);
      const result = await subject.engine().exec(container, ["wc", "-c"], { stdin: input });
      expect(result.stdout.trim()).toBe("300000");
    });

    test("a megabyte of output arrives whole", async () => {
      const container = await started();
      const result = await subject.engine().exec(container, ["head", "-c", "1000000", "/dev/zero"]);
      expect(result.stdout.length).toBe(1_000_000);
    });

    test("an aborted program is given up at once", async () => {
      const container = await started();
      const start = performance.now();
      const running = subject.engine().exec(container, ["sleep", "60"], { signal: AbortSignal.timeout(300) });
      await expect(running).rejects.toThrow(/abort|timeout/i);
      expect(performance.now() - start).toBeLessThan(10_000);
    });

    test.each([
      ["before it is begun", () => AbortSignal.abort(new Error("aborted"))],
      ["while it begins", () => AbortSignal.timeout(1)],
    ])("a program that is aborted %s is not waited for", async (_, signal) => {
      const container = await started();
      const start = performance.now();
      const running = subject.engine().exec(container, ["sleep", "60"], { signal: signal() });
      await expect(running).rejects.toThrow(/abort|timeout/i);
      expect(performance.now() - start).toBeLessThan(10_000);
    });

    test("an open channel answers line by line and ends when it is closed", async () => {
      const container = await started();
      const channel = await subject.engine().open(container, ["cat"]);
      channel.input.write("one\n");
      const [first] = await channel.output.take(1).toArray();
      expect(String(first)).toBe("one\n");
      channel.close();
    });

    test("a container has no capability that was not given to it", async () => {
      const container = await started({ capabilities: ["CHOWN"] });
      const { stdout } = await subject.engine().exec(container, ["grep", "CapBnd", "/proc/1/status"]);
      // CAP_CHOWN is bit 0.
      expect(stdout.trim()).toMatch(/0000000000000001$/);
    });

    test("a container that was unplugged has no address, and its own again when it is plugged in", async () => {
      const engine = subject.engine();
      const name = `slurmlab-${id}-plug`;
      const { addresses } = await createClusterNetwork(engine, { name, labels, nodes: ["a"] });
      const address = addresses.a ?? "";
      const container = await started({ network: { name, address } });
      const own = async () => (await engine.exec(container, ["cat", "/proc/net/fib_trie"])).stdout;
      expect(await own()).toContain(address);
      await engine.disconnect(name, container);
      expect(await own()).not.toContain(address);
      await engine.connect(name, container, address);
      expect(await own()).toContain(address);
    });

    test("an image whose content breaks off is not made, and its error is told", async () => {
      const engine = subject.engine();
      const tag = `slurmlab/snapshot:test-${id}`;
      const rootfs = new PassThrough();
      // The beginning of a file's header.
      rootfs.write("some\0".padEnd(100, "\0"));
      setImmediate(() => rootfs.destroy(new Error("it broke off")));
      await expect(engine.importImage(rootfs, tag, AbortSignal.timeout(20_000))).rejects.toThrow(
        "it broke off",
      );
      expect(await engine.hasImage(tag)).toBe(false);
    });

    test("a network that is in use is not removed, and whoever uses it is named", async () => {
      const engine = subject.engine();
      const name = `slurmlab-${id}-plug`;
      const { addresses } = await createClusterNetwork(engine, { name, labels, nodes: ["a"] });
      const container = await started({ network: { name, address: addresses.a ?? "" } });
      const user = (await engine.listOwned()).find((owned) => owned.id === container)?.name ?? "nobody";
      await expect(engine.remove("network", name)).rejects.toThrow(
        `still in use by ${user}: docker network disconnect`,
      );
    });

    test("a container can use another one's network", async () => {
      const engine = subject.engine();
      const name = `slurmlab-${id}-plug`;
      const { addresses } = await createClusterNetwork(engine, { name, labels, nodes: ["a"] });
      const container = await started({ network: { name, address: addresses.a ?? "" } });
      const guest = await engine.createContainer(spec("guest", { joinsNetworkOf: container }));
      await engine.startContainer(guest);
      const seen = await engine.exec(guest, ["cat", "/proc/net/fib_trie"]);
      expect(seen.stdout).toContain(addresses.a);
    });

    test("a container's log is what its first program printed", async () => {
      const engine = subject.engine();
      const container = await engine.createContainer(
        spec("a", { entrypoint: ["bash", "-c", "echo hello; exit 3"] }),
      );
      await engine.startContainer(container);
      expect(await engine.waitForExit(container)).toBe(3);
      expect(await engine.containerLog(container)).toBe("hello\n");
    });

    test("a container that joins another is on the same machine, and the last of them takes the volume along", async () => {
      const engine = subject.engine();
      const machine = await started({ ownVolumes: ["/var/spool/slurmd"] });
      await engine.exec(machine, ["touch", "/var/spool/slurmd/state"]);
      const joining = await engine.createContainer(spec("b", { hostname: "a", joins: machine }));
      await engine.startContainer(joining);
      const looking = "hostname; cat /proc/1/cmdline | tr '\\0' ' '; ls /var/spool/slurmd";
      const { stdout } = await engine.exec(joining, ["bash", "-c", looking]);
      expect(stdout).toBe("a\nsleep 600 state\n");
      for (const container of [joining, machine]) await engine.remove("container", container);
      expect(await owned()).toEqual([]);
    });

    test("a container's own volume goes with it", async () => {
      const engine = subject.engine();
      const container = await started({ ownVolumes: ["/var/spool/slurmd"] });
      expect((await owned()).map((part) => part.kind).sort()).toEqual(["container", "volume"]);
      await engine.remove("container", container);
      expect(await owned()).toEqual([]);
    });
  });
}
