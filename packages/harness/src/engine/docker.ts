import type { Readable } from "node:stream";
import type { ImageBuild, StoredImage } from "@slurmlab/images";
import Docker from "dockerode";
import { messageOf } from "../errors/lab-error.ts";
import { ContainerEnds } from "./container-ends.ts";
import { demuxBuffer } from "./container-log.ts";
import { createFailure, toCreateOptions } from "./create-options.ts";
import { DockerImages, ignoreMissing } from "./docker-images.ts";
import type {
  Channel,
  ContainerEnd,
  ContainerSpec,
  Engine,
  EngineFacts,
  ExecOptions,
  ExecResult,
  Owned,
} from "./engine.ts";
import { openProgram, runProgram } from "./exec.ts";
import { nameForEngine } from "./image-names.ts";
import { LABEL, type Labels } from "./labels.ts";
import { NetworkTurns } from "./network-turns.ts";
import { DockerPulse, ping } from "./pulse.ts";
import { removeContainer, removeNetwork } from "./remove.ts";
import { startWithInput } from "./start.ts";
import { openTerminal, type TerminalChannel, type TerminalSize } from "./terminal.ts";
import { type WhatItIs, whatItIs } from "./what-it-is.ts";

/** An engine that speaks Docker's API: Docker itself, or Podman's compatible socket. */
export class DockerEngine implements Engine {
  readonly #docker: Docker;
  readonly facts: EngineFacts;
  readonly architecture: string;
  readonly #images: DockerImages;
  readonly #podman: boolean;
  readonly #turns: NetworkTurns | undefined;
  readonly #ends: ContainerEnds;
  readonly pulse: DockerPulse;
  /** The networks that containers of this process are for, by container. */
  readonly #networks = new Map<string, string>();

  private constructor(docker: Docker, pulse: DockerPulse, { facts, architecture, images }: WhatItIs) {
    this.#docker = docker;
    this.pulse = pulse;
    this.#ends = new ContainerEnds(docker);
    this.facts = facts;
    this.architecture = architecture;
    this.#images = new DockerImages(docker, images);
    this.#podman = images.podman;
    this.#turns = NetworkTurns.needed(facts.product) ? new NetworkTurns(docker) : undefined;
  }

  /** Connects and asks what the engine is. */
  static async connect(options: Docker.DockerOptions): Promise<DockerEngine> {
    const docker = new Docker(options);
    // A socket whose engine hangs, or a host that drops packets, must not hold up the search for another.
    await ping(docker, AbortSignal.timeout(5_000));
    const pulse = new DockerPulse(docker, new Docker(options));
    return new DockerEngine(docker, pulse, await whatItIs(docker));
  }

  hasImage(tag: string): Promise<boolean> {
    return this.#images.has(tag);
  }

  listImages(): Promise<StoredImage[]> {
    return this.#images.list();
  }

  tagImage(from: string, tag: string): Promise<void> {
    return this.#images.tag(from, tag);
  }

  untagImage(tag: string): Promise<void> {
    return this.#images.untag(tag);
  }

  removeImage(tag: string): Promise<void> {
    return this.#images.remove(tag);
  }

  pullImage(reference: string, signal: AbortSignal): Promise<void> {
    return this.#images.pull(reference, signal);
  }

  importImage(rootfs: Readable, tag: string, signal: AbortSignal): Promise<void> {
    return this.#images.import(rootfs, tag, signal);
  }

  buildImage(context: Readable, build: ImageBuild): Promise<void> {
    return this.#images.build(context, build);
  }

  saveImages(tags: readonly string[]): Promise<Readable> {
    return this.#images.save(tags);
  }

  loadImages(tar: Readable, signal: AbortSignal): Promise<string[]> {
    return this.#images.load(tar, signal);
  }

  pushImage(tag: string, onLine: (line: string) => void, signal: AbortSignal): Promise<void> {
    return this.#images.push(tag, onLine, signal);
  }

  readImageFile(tag: string, path: string): Promise<Buffer | undefined> {
    return this.#images.readFile(tag, path);
  }

  async createNetwork(network: { name: string; subnet: string; labels: Labels }): Promise<void> {
    await this.#docker.createNetwork({
      Name: network.name,
      Driver: "bridge",
      // No way out and nothing published: traffic stays between the nodes.
      Internal: true,
      IPAM: { Driver: "default", Config: [{ Subnet: network.subnet }] },
      Labels: { ...network.labels },
    });
  }

  async createVolume(volume: { name: string; labels: Labels }): Promise<void> {
    await this.#docker.createVolume({ Name: volume.name, Labels: { ...volume.labels } });
  }

  async createContainer(spec: ContainerSpec): Promise<string> {
    const image = nameForEngine(spec.image, this.#podman);
    const made = this.#docker.createContainer(toCreateOptions({ ...spec, image }, this.facts));
    const { id } = await made.catch((error) => Promise.reject(createFailure(spec, error)));
    this.#ends.comes(spec.name);
    if (spec.network) this.#networks.set(id, spec.network.name);
    return id;
  }

  async putFiles(container: string, tar: Readable): Promise<void> {
    await this.#docker.getContainer(container).putArchive(tar, { path: "/" });
  }

  async startContainer(container: string, input?: Readable): Promise<void> {
    const started = this.#docker.getContainer(container);
    const start = () => (input ? startWithInput(started, input) : started.start());
    const network = this.#networks.get(container);
    if (this.#turns && network) await this.#turns.start(container, network, start);
    else await start();
  }

  async killContainer(container: string): Promise<void> {
    await this.#ends.ofOurs(container, async () => {
      await this.#docker.getContainer(container).kill({ signal: "SIGKILL" });
    });
    await this.#docker.getContainer(container).wait();
  }

  async pauseContainer(container: string): Promise<void> {
    await unlessAlready(this.#docker.getContainer(container).pause(), /is already paused/);
  }

  async unpauseContainer(container: string): Promise<void> {
    await unlessAlready(this.#docker.getContainer(container).unpause(), /is not paused/);
  }

  async disconnect(network: string, container: string): Promise<void> {
    await this.#inTurn(network, async () => {
      const off = this.#docker.getNetwork(network).disconnect({ Container: container, Force: true });
      await unlessAlready(off, /is not connected to/);
    });
  }

  async connect(network: string, container: string, address: string): Promise<void> {
    await this.#inTurn(network, async () => {
      const on = this.#docker.getNetwork(network).connect({
        Container: container,
        EndpointConfig: { IPAMConfig: { IPv4Address: address } },
      });
      await unlessAlready(on, /already exists in network|already attached to network/);
    });
  }

  #inTurn(network: string, change: () => Promise<void>): Promise<void> {
    return this.#turns ? this.#turns.change(network, change) : change();
  }

  exec(container: string, argv: readonly string[], options: ExecOptions = {}): Promise<ExecResult> {
    return runProgram(this.#docker, container, argv, options);
  }

  openTerminal(
    container: string,
    argv: readonly string[],
    size: TerminalSize,
    options: Pick<ExecOptions, "user" | "workdir" | "env"> = {},
  ): Promise<TerminalChannel> {
    return openTerminal(this.#docker, container, argv, size, options);
  }

  open(container: string, argv: readonly string[], options: ExecOptions = {}): Promise<Channel> {
    return openProgram(this.#docker, container, argv, options);
  }

  followEnds(label: string, onEnd: (end: ContainerEnd) => void, signal: AbortSignal): Promise<void> {
    return this.#ends.follow(label, { signal, onEnd });
  }

  async waitForExit(container: string): Promise<number> {
    const { StatusCode } = await this.#docker.getContainer(container).wait();
    return StatusCode;
  }

  async containerLog(container: string): Promise<string> {
    const raw = await this.#docker
      .getContainer(container)
      .logs({ stdout: true, stderr: true, follow: false });
    return demuxBuffer(raw);
  }

  async inspectContainer(container: string): Promise<unknown> {
    return await this.#docker.getContainer(container).inspect();
  }

  async getFiles(container: string, path: string): Promise<Readable> {
    return (await this.#docker.getContainer(container).getArchive({ path })) as Readable;
  }

  async listOwned(): Promise<Owned[]> {
    const filters = { label: [LABEL.tool] };
    const [containers, networks, volumes] = await Promise.all([
      this.#docker.listContainers({ all: true, filters }),
      this.#docker.listNetworks({ filters }),
      this.#docker.listVolumes({ filters: { label: [LABEL.tool] } }),
    ]);
    return [
      ...containers.map(
        (c): Owned => ({
          kind: "container",
          id: c.Id,
          name: (c.Names[0] ?? c.Id).replace(/^\//, ""),
          labels: c.Labels,
          state: c.State,
        }),
      ),
      ...networks.map((n): Owned => ({ kind: "network", id: n.Id, name: n.Name, labels: n.Labels ?? {} })),
      ...(volumes.Volumes ?? []).map(
        (v): Owned => ({ kind: "volume", id: v.Name, name: v.Name, labels: v.Labels ?? {} }),
      ),
    ];
  }

  async remove(kind: Owned["kind"], id: string): Promise<void> {
    const docker = this.#docker;
    if (kind === "container") {
      this.#ends.removes(id);
      await removeContainer(docker, id, this.#turns);
    } else if (kind === "network") await ignoreMissing(removeNetwork(docker.getNetwork(id)));
    else await ignoreMissing(docker.getVolume(id).remove({ force: true }));
  }
}

/** Docker refuses to do what is done already; these words of its refusal say so. */
async function unlessAlready(work: Promise<unknown>, already: RegExp): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!already.test(messageOf(error))) throw error;
  }
}
