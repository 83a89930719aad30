import { randomInt } from "node:crypto";
import type { Engine } from "../engine/engine.ts";
import type { Labels } from "../engine/labels.ts";
import { LabError, messageOf } from "../errors/lab-error.ts";

/** Small clusters get a /24 of this, so that 256 of them fit side by side; a larger one gets a /20. */
const POOL = "10.213";
const LARGE_POOL = "10.214";
/** The first node's address in its subnet: .1 is the engine's own. */
const FIRST_HOST = 10;

export interface ClusterNetwork {
  readonly name: string;
  /** Addresses by node name. Static, because slurmctld loses a slurmd whose address changes. */
  readonly addresses: Readonly<Record<string, string>>;
}

/**
 * Makes the cluster's network on a subnet that nothing else has. Two runs may choose at the same time: the
 * engine refuses an overlap, and the next subnet is tried.
 */
export async function createClusterNetwork(
  engine: Engine,
  network: { name: string; labels: Labels; nodes: readonly string[] },
): Promise<ClusterNetwork> {
  const large = network.nodes.length > 200;
  const slots = large ? 16 : 256;
  const start = randomInt(slots);
  let refused = "";
  for (let i = 0; i < slots; i++) {
    const slot = (start + i) % slots;
    const subnet = large ? `${LARGE_POOL}.${slot * 16}.0/20` : `${POOL}.${slot}.0/24`;
    try {
      await engine.createNetwork({ name: network.name, labels: network.labels, subnet });
      return { name: network.name, addresses: addressesIn(subnet, network.nodes) };
    } catch (error) {
      refused = messageOf(error);
      if (!/overlap|already (used|allocated)|in use/i.test(refused)) break;
    }
  }
  throw new LabError({
    kind: "broken",
    message: "the cluster's network could not be made",
    expected: `a free ${large ? "/20" : "/24"} in ${large ? LARGE_POOL : POOL}.0.0/16`,
    seen: refused,
    hint: "`pnpm cluster list` shows clusters that are still there, `pnpm cluster down --all` removes them; `docker network ls` shows the networks of others, of which one may have the whole range",
  });
}

/** An address that none of these nodes has: theirs follow one another. `more`: not the next one, but so many later. */
export function spareAddress(addresses: readonly string[], more = 0): string {
  const numberOf = (address: string) => address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  const spare = addresses.map(numberOf).reduce((a, b) => Math.max(a, b), 0) + 1 + more;
  return [24, 16, 8, 0].map((shift) => (spare >>> shift) & 255).join(".");
}

/**
 * Addresses of a cluster's network that none of its nodes has: behind them, then in gaps between them. Bad input when the network has
 * not so many.
 */
export function freeAddresses(taken: readonly string[], count: number): string[] {
  const first = taken[0] ?? "";
  const slots = first.startsWith(`${LARGE_POOL}.`) ? 4096 : 256;
  const [a = 0, b = 0, c = 0] = first.split(".").map(Number);
  const base = c - (c % (slots / 256));
  // The last one is the network's broadcast address.
  const all = Array.from({ length: slots - 1 - FIRST_HOST }, (_, i) => addressAt([a, b, base], i));
  const last = Math.max(...taken.map((address) => all.indexOf(address)));
  const free = [...all.slice(last + 1), ...all.slice(0, last)].filter((address) => !taken.includes(address));
  if (free.length >= count) return free.slice(0, count);
  throw new LabError({
    kind: "bad-input",
    message: "the cluster's network has not so many addresses",
    expected: `${count} more containers`,
    seen: `room for ${free.length}`,
    hint: "a cluster that is started with more than 200 nodes gets a larger network; packed workers share a container",
  });
}

/** In the order of the nodes. */
export function addressesIn(subnet: string, nodes: readonly string[]): Record<string, string> {
  const [a = 0, b = 0, c = 0] = subnet.split(/[./]/).map(Number);
  return Object.fromEntries(nodes.map((name, i) => [name, addressAt([a, b, c], i)]));
}

/** The address of a subnet's node, counted from 0. */
function addressAt([a, b, c]: readonly [number, number, number], i: number): string {
  const host = i + FIRST_HOST;
  return `${a}.${b}.${c + (host >> 8)}.${host & 255}`;
}
