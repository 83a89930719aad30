import { PassThrough, Readable, Writable } from "node:stream";
import { buffer } from "node:stream/consumers";
import type { StoredImage } from "@slurmlab/images";
import { extract, pack } from "tar-stream";
import type {
  Channel,
  ContainerSpec,
  Engine,
  EngineFacts,
  ExecOptions,
  ExecResult,
  Owned,
} from "../../src/engine/engine.ts";
import type { Labels } from "../../src/engine/labels.ts";
import type { TerminalChannel } from "../../src/engine/terminal.ts";

interface FakeContainer {
  readonly spec: ContainerSpec;
  readonly files: Map<string, string>;
  state: "created" | "running" | "paused" | "exited";
  /** Its address on the network it is on; undefined when it is on none. */
  address: string | undefined;
}

/** Answers a program that is run in a container; undefined means exit code 0 and no output. */
export type Program = (call: {
  container: string;
  hostname: string;
  argv: readonly string[];
  options: ExecOptions;
}) => Partial<ExecResult> | undefined | Promise<Partial<ExecResult> | undefined>;

/**
 * An engine in memory. It refuses what a real one refuses (a name taken, an overlapping subnet, a container that
 * does not run), so that the same suite holds for both; what programs answer is up to the test.
 */
export class FakeEngine implements Engine {
  readonly architecture = "amd64";
  readonly facts: EngineFacts = {
    product: "Fake 1.0",
    cpus: 2,
    memoryMb: 4096,
    dataFolder: "/nowhere",
    appArmor: false,
    rootless: false,
    gpuDriver: undefined,
  };
  readonly pulse = { lost: new AbortController().signal, check: async () => {}, recover: async () => true };
  readonly containers = new Map<string, FakeContainer>();
  readonly networks = new Map<string, { subnet: string; labels: Labels }>();
  readonly volumes = new Map<string, Labels>();
  readonly images = new Set<string>();
  /** Every call that changes something, as `verb name`. */
  readonly calls: string[] = [];
  program: Program = () => undefined;
  /** How a container's first program ends. */
  exitCode: (spec: ContainerSpec) => number = () => 0;
  /** What the probe container prints. */
  log = "cgroup=v1\ngpu_major=195\nmknod=yes\n";
  /** Call names (`startContainer ctl`) that reject. */
  readonly failing = new Set<string>();

  async hasImage(tag: string): Promise<boolean> {
    return this.images.has(tag);
  }
  async tagImage(from: string, tag: string): Promise<void> {
    if (!this.images.has(from)) throw new Error(`no such image: ${from}`);
    this.images.add(tag);
  }
  async untagImage(tag: string): Promise<void> {
    this.images.delete(tag);
  }
  async removeImage(tag: string): Promise<void> {
    this.images.delete(tag);
  }
  async listImages(): Promise<StoredImage[]> {
    return [...this.images].map((tag) => ({ id: tag, tags: [tag], labels: {}, size: 0, created: 0 }));
  }
  async saveImages(): Promise<Readable> {
    throw new Error("no image of the fake engine has any bytes");
  }
  async loadImages(): Promise<string[]> {
    throw new Error("no image of the fake engine has any bytes");
  }
  async pushImage(tag: string): Promise<void> {
    throw new Error(`no registry here for ${tag}`);
  }
  async readImageFile(): Promise<Buffer | undefined> {
    return undefined;
  }
  async pullImage(reference: string): Promise<void> {
    throw new Error(`no registry here for ${reference}`);
  }
  async importImage(rootfs: Readable, tag: string): Promise<void> {
    await buffer(rootfs);
    this.images.add(tag);
  }
  async buildImage(context: Readable, build: { tag: string }): Promise<void> {
    await buffer(context);
    this.images.add(build.tag);
  }

  async createNetwork(network: { name: string; subnet: string; labels: Labels }): Promise<void> {
    this.#note(`createNetwork ${network.name}`);
    if ([...this.networks.values()].some((other) => other.subnet === network.subnet)) {
      throw new Error("Pool overlaps with other one on this address space");
    }
    this.networks.set(network.name, network);
  }

  async createVolume(volume: { name: string; labels: Labels }): Promise<void> {
    this.#note(`createVolume ${volume.name}`);
    this.volumes.set(volume.name, volume.labels);
  }

  async createContainer(spec: ContainerSpec): Promise<string> {
    this.#note(`createContainer ${spec.hostname}${spec.joins ? " (joining)" : ""}`);
    if (this.containers.has(spec.name)) throw new Error(`the name ${spec.name} is in use`);
    if (spec.network && !this.networks.has(spec.network.name))
      throw new Error(`no such network: ${spec.network.name}`);
    if (spec.joins && this.containers.get(spec.joins)?.state !== "running")
      throw new Error(`cannot join ${spec.joins}: it is not running`);
    this.containers.set(spec.name, {
      spec,
      files: new Map(),
      state: "created",
      address: spec.network?.address,
    });
    return spec.name;
  }

  async putFiles(container: string, tar: Readable): Promise<void> {
    const { files } = this.#get(container);
    for await (const entry of tar.pipe(extract())) {
      files.set(`/${entry.header.name}`, (await buffer(entry)).toString("utf8"));
    }
  }

  async startContainer(container: string, input?: Readable): Promise<void> {
    const found = this.#get(container);
    this.#note(`startContainer ${found.spec.hostname}`);
    found.state = "running";
    // What a node's init does with it.
    if (input && found.spec.readsInput) await this.putFiles(container, input);
  }

  async followEnds(): Promise<void> {}

  async killContainer(container: string): Promise<void> {
    const found = this.#running(container);
    this.#note(`killContainer ${found.spec.hostname}`);
    found.state = "exited";
  }

  async pauseContainer(container: string): Promise<void> {
    const found = this.#running(container);
    this.#note(`pauseContainer ${found.spec.hostname}`);
    found.state = "paused";
  }

  async unpauseContainer(container: string): Promise<void> {
    const found = this.#running(container);
    this.#note(`unpauseContainer ${found.spec.hostname}`);
    found.state = "running";
  }

  async disconnect(network: string, container: string): Promise<void> {
    const found = this.#get(container);
    if (!this.networks.has(network)) throw new Error(`no such network: ${network}`);
    this.#note(`disconnect ${found.spec.hostname}`);
    found.address = undefined;
  }

  async connect(network: string, container: string, address: string): Promise<void> {
    const found = this.#get(container);
    if (!this.networks.has(network)) throw new Error(`no such network: ${network}`);
    this.#note(`connect ${found.spec.hostname}`);
    found.address = address;
  }

  async exec(container: string, argv: readonly string[], options: ExecOptions = {}): Promise<ExecResult> {
    const { spec, state } = this.#running(container);
    if (state === "paused") throw new Error(`container ${container} is paused`);
    if (argv[3] === "together") return { code: 0, stdout: await this.#together(container, argv), stderr: "" };
    const answer = await this.program({ container, hostname: spec.hostname, argv, options });
    options.signal?.throwIfAborted();
    return { code: 0, stdout: "", stderr: "", ...answer };
  }

  /** Several programs at once (`cluster/together.ts`): each is answered as if it had been run alone. */
  async #together(container: string, argv: readonly string[]): Promise<string> {
    let rest = argv.slice(4);
    let output = "";
    while (rest.length > 0) {
      const words = Number(rest[0]);
      const { code, stdout, stderr } = await this.exec(container, rest.slice(1, words + 1));
      output += `${code} ${Buffer.byteLength(stdout + stderr)}\n${stdout}${stderr}`;
      rest = rest.slice(words + 1);
    }
    return output;
  }

  /** Only `/usr/lib/slurmlab/look` is kept open by anyone: each line answers with one run of the program. */
  async open(container: string, argv: readonly string[], options: ExecOptions = {}): Promise<Channel> {
    const output = new PassThrough();
    if (!argv[0]?.endsWith("/look")) {
      // Anything else asks for nothing: it answers, and ends.
      output.end((await this.exec(container, argv, options)).stdout);
      return { output, input: new PassThrough().resume(), close: () => {} };
    }
    const look = async () => {
      const { code, stdout, stderr } = await this.exec(container, argv.slice(1), options);
      const text = stdout + stderr;
      output.write(`${code} ${Buffer.byteLength(text)}\n${text}`);
    };
    return {
      output,
      input: new Writable({
        write(_line, _encoding, taken) {
          look().catch(() => output.end());
          taken();
        },
      }),
      close: () => void output.end(),
    };
  }

  /** A terminal that says who was opened where, and ends with its input. */
  async openTerminal(container: string, argv: readonly string[]): Promise<TerminalChannel> {
    const { spec } = this.#get(container);
    this.#note(`openTerminal ${spec.hostname} ${argv.join(" ")}`);
    const [input, output] = [new PassThrough(), new PassThrough()];
    input.resume();
    const ended = new Promise<number>((resolve) => input.once("end", () => resolve(0)));
    return { input, output, resize: async () => {}, ended };
  }

  async waitForExit(container: string): Promise<number> {
    const found = this.#get(container);
    found.state = "exited";
    return this.exitCode(found.spec);
  }
  async containerLog(container: string): Promise<string> {
    this.#get(container);
    return this.log;
  }
  async inspectContainer(container: string): Promise<unknown> {
    return { Name: this.#get(container).spec.name };
  }

  async getFiles(container: string, path: string): Promise<Readable> {
    const { files } = this.#get(container);
    const tar = pack();
    const top = path.split("/").at(-1);
    for (const [name, content] of files) {
      if (name.startsWith(`${path}/`)) tar.entry({ name: `${top}${name.slice(path.length)}` }, content);
    }
    tar.finalize();
    return Readable.from(tar);
  }

  async listOwned(): Promise<Owned[]> {
    return [
      ...[...this.containers].map(
        ([name, { spec, state }]): Owned => ({
          kind: "container",
          id: name,
          name,
          labels: spec.labels,
          state,
        }),
      ),
      ...[...this.networks].map(([name, { labels }]): Owned => ({ kind: "network", id: name, name, labels })),
      ...[...this.volumes].map(([name, labels]): Owned => ({ kind: "volume", id: name, name, labels })),
    ];
  }

  async remove(kind: Owned["kind"], id: string): Promise<void> {
    this.#note(`remove ${kind} ${id}`);
    if (kind === "container") this.containers.delete(id);
    else if (kind === "network") {
      if ([...this.containers.values()].some(({ spec }) => spec.network?.name === id))
        throw new Error(`network ${id} has active endpoints`);
      this.networks.delete(id);
    } else this.volumes.delete(id);
  }

  /** Running or paused: to Docker, a paused container runs. */
  #running(container: string): FakeContainer {
    const found = this.#get(container);
    if (found.state === "running" || found.state === "paused") return found;
    throw new Error(`container ${container} is not running`);
  }

  #get(container: string): FakeContainer {
    const found = this.containers.get(container);
    if (!found) throw Object.assign(new Error(`no such container: ${container}`), { statusCode: 404 });
    return found;
  }

  #note(call: string): void {
    this.calls.push(call);
    if (this.failing.has(call)) throw new Error(`the fake refuses: ${call}`);
  }
}
