import type Docker from "dockerode";
import type { EngineFacts } from "./engine.ts";

/** What an engine says of itself. */
export interface WhatItIs {
  readonly facts: EngineFacts;
  /** As Debian calls it: `amd64`. */
  readonly architecture: string;
  readonly images: {
    /** The network that builds use, if not the engine's default one. */
    readonly buildNetwork: string | undefined;
    readonly podman: boolean;
  };
}

/** Debian's names of the kernel's. */
const ARCHITECTURES: Readonly<Record<string, string>> = { x86_64: "amd64", aarch64: "arm64" };

/** Asks an engine that answers. */
export async function whatItIs(docker: Docker): Promise<WhatItIs> {
  const [info, version, networks] = await Promise.all([
    docker.info(),
    docker.version(),
    docker.listNetworks(),
  ]);
  // An engine without a default bridge, as slurmlab's own is, has only the host's network for its builds.
  const bridged = networks.some((network) => network.Name === "bridge" || network.Name === "podman");
  const security: string[] = info.SecurityOptions ?? [];
  const cdi = (info.DiscoveredDevices ?? []).some((device: { ID: string }) =>
    device.ID.startsWith("nvidia.com/gpu="),
  );
  const podman = version.Components?.find((component) => /podman/i.test(component.Name));
  return {
    facts: {
      product: podman ? `${podman.Name} ${podman.Version}` : `Docker ${version.Version}`,
      cpus: info.NCPU,
      dataFolder: info.DockerRootDir,
      memoryMb: Math.floor(info.MemTotal / 1024 / 1024),
      appArmor: security.some((option) => option.startsWith("name=apparmor")),
      rootless: security.some((option) => option.startsWith("name=rootless")),
      gpuDriver: cdi ? "cdi" : info.Runtimes?.nvidia ? "nvidia" : undefined,
    },
    architecture: ARCHITECTURES[info.Architecture] ?? info.Architecture,
    images: { buildNetwork: bridged ? undefined : "host", podman: podman !== undefined },
  };
}
