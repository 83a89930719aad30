import type { Readable, Writable } from "node:stream";
import type { ImageEngine } from "@slurmlab/images";
import type { Labels } from "./labels.ts";
import type { TerminalChannel, TerminalSize } from "./terminal.ts";

/** The only door to containers. Everything above works with this and never sees a Docker library. */
export interface Engine extends ImageEngine {
  readonly facts: EngineFacts;
  readonly pulse: Pulse;
  createNetwork(network: { name: string; subnet: string; labels: Labels }): Promise<void>;
  createVolume(volume: { name: string; labels: Labels }): Promise<void>;
  /** Makes a container without starting it; resolves to its id. */
  createContainer(container: ContainerSpec): Promise<string>;
  /** Unpacks a tar stream at `/` of a container, started or not. */
  putFiles(container: string, tar: Readable): Promise<void>;
  /**
   * Starts a container that was made, or that has ended: with the same files, volumes and address. `input` is for its
   * first program to read (`readsInput`).
   */
  startContainer(container: string, input?: Readable): Promise<void>;
  /** Ends everything in a container at once with SIGKILL, as when a machine loses its power. */
  killContainer(container: string): Promise<void>;
  /** Freezes everything in a container; no error when it is frozen already. */
  pauseContainer(container: string): Promise<void>;
  /** Thaws it; no error when it is not frozen. */
  unpauseContainer(container: string): Promise<void>;
  /** Takes a running container off its network, as pulling the cable does; no error when it is not on it. */
  disconnect(network: string, container: string): Promise<void>;
  /** Puts it back with its address; no error when it is on it already. */
  connect(network: string, container: string, address: string): Promise<void>;
  /** Runs a program to its end. Resolves whatever its exit code; rejects only when it could not be run. */
  exec(container: string, argv: readonly string[], options?: ExecOptions): Promise<ExecResult>;
  /** Runs a program and keeps its input and output open. */
  open(container: string, argv: readonly string[], options?: ExecOptions): Promise<Channel>;
  /** Runs a program with a terminal of its own, for a person to sit at. */
  openTerminal(
    container: string,
    argv: readonly string[],
    size: TerminalSize,
    options?: Pick<ExecOptions, "user" | "workdir" | "env">,
  ): Promise<TerminalChannel>;
  /** Tells of each container with this label (`KEY=VALUE`) that ends and was neither killed nor removed from here, until `signal`. */
  followEnds(label: string, onEnd: (end: ContainerEnd) => void, signal: AbortSignal): Promise<void>;
  /** Resolves when the container has ended, to its exit code. */
  waitForExit(container: string): Promise<number>;
  /** What the container's first program printed. */
  containerLog(container: string): Promise<string>;
  inspectContainer(container: string): Promise<unknown>;
  /** A folder or file of a container as a tar stream. */
  getFiles(container: string, path: string): Promise<Readable>;
  /** Everything with our label, whoever made it. */
  listOwned(): Promise<Owned[]>;
  /** Kills and removes; anonymous volumes go with a container. No error when it is not there. */
  remove(kind: Owned["kind"], id: string): Promise<void>;
}

/** Whether the engine still answers. */
export interface Pulse {
  /** Aborted, with the error that says why, when the engine has ended or hangs; every call and stream ends with that, then. */
  readonly lost: AbortSignal;
  /** Asks now; resolves when it has answered or is lost. */
  check(): Promise<void>;
  /** Waits for one that was lost to answer again; false when it has not in time. From then on calls are made again. */
  recover(withinMs: number, signal: AbortSignal): Promise<boolean>;
}

/** The end of a container. */
export interface ContainerEnd {
  readonly container: string;
  readonly labels: Labels;
  readonly exitCode: number;
}

export interface EngineFacts {
  /** `Docker 20.10.24`, `Podman Engine 5.4.2`. */
  readonly product: string;
  readonly cpus: number;
  readonly memoryMb: number;
  /** Where it keeps its data, on its own machine. */
  readonly dataFolder: string;
  readonly appArmor: boolean;
  /** The engine runs without root: no device nodes, no cgroup limits of ours. */
  readonly rootless: boolean;
  /** NVIDIA device requests are possible, and by which driver. */
  readonly gpuDriver: "nvidia" | "cdi" | undefined;
}

export interface ContainerSpec {
  readonly name: string;
  readonly hostname: string;
  readonly image: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly labels: Labels;
  readonly network?: { readonly name: string; readonly address: string };
  /**
   * A running container whose network, host name, processes and volumes this one shares: the two are one machine.
   * Then `network`, `hosts`, `volumes` and `ownVolumes` are that container's, and `hostname` only says what it is.
   */
  readonly joins?: string;
  /** Lines for /etc/hosts: name to address. */
  readonly hosts?: Readonly<Record<string, string>>;
  /** Named volumes by the path they are mounted at. */
  readonly volumes?: Readonly<Record<string, string>>;
  /** Paths that get a volume of their own, which goes with the container. */
  readonly ownVolumes?: readonly string[];
  /** All capabilities are dropped but these. */
  readonly capabilities: readonly string[];
  /** Lets the container mount (with CAP_SYS_ADMIN) where AppArmor would not. */
  readonly mounts?: boolean;
  /** Limit of open files; the engine's own when not given. */
  readonly openFiles?: number;
  /** `c 195:* rwm`: devices that may be made and opened. */
  readonly deviceRules?: readonly string[];
  /** Real NVIDIA GPUs by the host's index. */
  readonly gpus?: readonly number[];
  /** A running container whose network this one uses, instead of one of its own. */
  readonly joinsNetworkOf?: string;
  /** Its first program reads a standard input, which ends with what the first start gives it. */
  readonly readsInput?: boolean;
  /** Replaces the image's entrypoint. */
  readonly entrypoint?: readonly string[];
}

export interface ExecOptions {
  /** By name; root by default. */
  readonly user?: string;
  readonly workdir?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  readonly signal?: AbortSignal;
}

export interface ExecResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A running program with its input and output. */
export interface Channel {
  readonly input: Writable;
  readonly output: Readable;
  close(): void;
}

/** Something in the engine that carries our label. */
export interface Owned {
  readonly kind: "container" | "network" | "volume";
  readonly id: string;
  readonly name: string;
  readonly labels: Labels;
  /** Containers only: `running`, `exited`, `paused`, `created`. */
  readonly state?: string;
}
