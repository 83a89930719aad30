import type { ContainerCreateOptions } from "dockerode";
import { LabError, messageOf } from "../errors/lab-error.ts";
import type { ContainerSpec, EngineFacts } from "./engine.ts";

/** In Docker's API since 1.41, and not yet in dockerode's types. */
type CreateOptions = ContainerCreateOptions & { HostConfig: { CgroupnsMode: "private" } };

/** Our words for a container in Docker's. Pure, so that what a node is allowed can be read in a test. */
export function toCreateOptions(
  spec: ContainerSpec,
  facts: Pick<EngineFacts, "appArmor" | "gpuDriver">,
): CreateOptions {
  const networkOf = spec.joins ?? spec.joinsNetworkOf;
  return {
    name: spec.name,
    // A container on another one's network has that one's name, and Docker refuses it one of its own.
    ...(networkOf ? {} : { Hostname: spec.hostname }),
    Image: spec.image,
    Labels: { ...spec.labels },
    // The image's is for people: it would run a program in each node every 30 s.
    Healthcheck: { Test: ["NONE"] },
    Env: Object.entries(spec.env ?? {}).map(([key, value]) => `${key}=${value}`),
    ...(spec.readsInput ? { OpenStdin: true, StdinOnce: true, AttachStdin: true } : {}),
    ...(spec.entrypoint ? { Entrypoint: [...spec.entrypoint], Cmd: [] } : {}),
    HostConfig: {
      Privileged: false,
      CapDrop: ["ALL"],
      CapAdd: [...spec.capabilities],
      CgroupnsMode: "private",
      ...(spec.mounts && facts.appArmor ? { SecurityOpt: ["apparmor=unconfined"] } : {}),
      // A killed daemon or node must stay down until the scenario says otherwise.
      RestartPolicy: { Name: "no" },
      ...(spec.openFiles
        ? { Ulimits: [{ Name: "nofile", Soft: spec.openFiles, Hard: spec.openFiles }] }
        : {}),
      NetworkMode: networkOf ? `container:${networkOf}` : (spec.network?.name ?? "none"),
      ...(spec.joins ? { PidMode: `container:${spec.joins}`, VolumesFrom: [spec.joins] } : {}),
      ExtraHosts: Object.entries(spec.hosts ?? {}).map(([name, address]) => `${name}:${address}`),
      Mounts: [
        ...Object.entries(spec.volumes ?? {}).map(([Target, Source]) => ({
          Type: "volume" as const,
          Target,
          Source,
        })),
        ...(spec.ownVolumes ?? []).map((Target) => ({
          Type: "volume" as const,
          Target,
          Source: "",
          VolumeOptions: {
            NoCopy: false,
            Labels: { ...spec.labels },
            DriverConfig: { Name: "local", Options: {} },
          },
        })),
      ],
      ...(spec.deviceRules ? { DeviceCgroupRules: [...spec.deviceRules] } : {}),
      ...(spec.gpus && facts.gpuDriver
        ? { DeviceRequests: [deviceRequest(spec.gpus, facts.gpuDriver)] }
        : {}),
    },
    ...(spec.network
      ? {
          NetworkingConfig: {
            EndpointsConfig: { [spec.network.name]: { IPAMConfig: { IPv4Address: spec.network.address } } },
          },
        }
      : {}),
  };
}

function deviceRequest(gpus: readonly number[], driver: "nvidia" | "cdi") {
  // A CDI request must leave Count and Options unset; names are the runtime's own.
  if (driver === "cdi") return { Driver: "cdi", DeviceIDs: gpus.map((index) => `nvidia.com/gpu=${index}`) };
  return { Driver: "nvidia", DeviceIDs: gpus.map(String), Capabilities: [["gpu", "utility", "compute"]] };
}

/** Why a container could not be made. Somebody may remove an image between the look for it and its use: `docker image prune --all` does. */
export function createFailure({ image, hostname }: ContainerSpec, cause: unknown): unknown {
  const { statusCode } = cause as { statusCode?: number };
  if (statusCode !== 404 || !/no such image/i.test(messageOf(cause))) return cause;
  return new LabError({
    kind: "broken",
    message: `the image of ${hostname} is not in the engine any more`,
    expected: `${image}, which was there when the images were looked for`,
    seen: messageOf(cause).trim(),
    hint: "run the command again: images that are missing are made first",
    cause,
  });
}
