import { randomInt } from "node:crypto";
import { type ClusterPlan, type ConfigFile, isPresent, machinesOf, unixUsers } from "@slurmlab/config-gen";
import type { ContainerSpec } from "../engine/engine.ts";
import { containerSpec, type Surroundings } from "./container-spec.ts";
import { filesFor, nodeTar } from "./files.ts";
import { mockGpuState } from "./mock-gpu-state.ts";
import { addressesIn } from "./network.ts";
import type { Release } from "./release.ts";

/** Of Compose's clusters; those that slurmlab starts are elsewhere. Two projects are seldom on one of these sixteen. */
const subnet = () => `10.215.${16 * randomInt(16)}.0/20`;

/** Where a node finds its archive. */
const ARCHIVE = "/slurmlab.tar";

/** With this file a node's init starts its daemons by itself, as it does for whoever uses an image by hand. */
const BY_HAND: ConfigFile = {
  path: "/etc/slurmlab/by-hand",
  content: "",
  owner: "root:root",
  mode: 0o644,
  secret: false,
  roles: "all",
};

/** A cluster for `docker compose`, without slurmlab. */
export interface ComposeProject {
  /** What compose.yaml says. */
  readonly project: Record<string, unknown>;
  /** Each machine's files, as a tar stream; secrets among them. */
  readonly archives: ReadonlyMap<string, NodeJS.ReadableStream>;
}

/** The containers that slurmlab would make, in Compose's words. */
export function composeProject(
  plan: ClusterPlan,
  release: Release,
  around: Pick<Surroundings, "facts" | "gpus">,
): ComposeProject {
  const machines = machinesOf({ nodes: plan.nodes.filter(isPresent) });
  const pool = subnet();
  const addresses = addressesIn(
    pool,
    machines.map(({ name }) => name),
  );
  const network = { name: "lab", addresses };
  const surroundings = { ...around, id: plan.name, labels: {}, network, restored: false };
  const specs = machines.map((machine) => containerSpec(machine, release, surroundings));
  const shared = new Set(specs.flatMap(({ volumes = {} }) => Object.values(volumes)));
  return {
    project: {
      // Compose takes lower case alone.
      name: plan.name.toLowerCase().replace(/[^a-z0-9_-]/g, "-"),
      services: Object.fromEntries(machines.map(({ name }, i) => [name, service(specs[i] as ContainerSpec)])),
      networks: { lab: { internal: true, ipam: { config: [{ subnet: pool }] } } },
      volumes: Object.fromEntries([...shared].map((name) => [name, {}])),
    },
    archives: new Map(
      machines.map((machine) => {
        const share = around.gpus?.gpus[machine.name];
        const mock = share ? [mockGpuState(machine.name, share)] : [];
        const files = filesFor(machine, release.bundle);
        return [machine.name, nodeTar(files, unixUsers(plan), [...mock, BY_HAND])];
      }),
    ),
  };
}

function service(spec: ContainerSpec): Record<string, unknown> {
  const [server] = (spec.env?.SLURMLAB_CONF_SERVER ?? "").split(",");
  return {
    image: spec.image,
    // No registry has it.
    pull_policy: "never",
    hostname: spec.hostname,
    // What slurmlab writes to the first program's standard input.
    entrypoint: ["tini", "--", "sh", "-c", `exec /usr/lib/slurmlab/init < ${ARCHIVE}`],
    environment: {
      ...spec.env,
      // Where a configless worker gets its files, in the words of a node that starts by itself.
      ...(server ? { SLURM_CONF_SERVER: server.includes(":") ? server : `${server}:6817` } : {}),
    },
    cap_drop: ["ALL"],
    cap_add: spec.capabilities,
    cgroup: "private",
    ...(spec.mounts ? { security_opt: ["apparmor=unconfined"] } : {}),
    ...(spec.deviceRules ? { device_cgroup_rules: spec.deviceRules } : {}),
    networks: { lab: { ipv4_address: spec.network?.address } },
    extra_hosts: spec.hosts,
    volumes: [
      `./${spec.hostname}.tar:${ARCHIVE}:ro`,
      ...Object.entries(spec.volumes ?? {}).map(([path, name]) => `${name}:${path}`),
      ...(spec.ownVolumes ?? []),
    ],
  };
}
