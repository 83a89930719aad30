import {
  accountsOf,
  type ClusterPlan,
  expandHostlist,
  isPresent,
  type PlannedPartition,
  workersOf,
} from "@slurmlab/config-gen";

/** Workers that have to be IDLE when the cluster is ready: those that are there and that nobody wrote down as down. */
export function workersUp(plan: ClusterPlan): string[] {
  const down = new Set(plan.downNodes.flatMap((entry) => expandHostlist(entry.nodes)));
  return workersOf(plan)
    .filter(
      (node) => isPresent(node) && !/^(down|drain|fail)/i.test(node.state ?? "") && !down.has(node.name),
    )
    .map((node) => node.name);
}

/** One job that shows that some of the workers can run one. */
export interface ProbeJob {
  /** Undefined: the default partition. */
  readonly partition: string | undefined;
  readonly account: string | undefined;
  readonly qos: string | undefined;
  /** Every one of the nodes has GPUs, and the job asks for one: a site's policy may want that of jobs there. */
  readonly gpus: boolean;
  readonly nodes: readonly string[];
}

/**
 * Jobs that together reach every worker that some partition lets the lab's user reach. One is the rule. Of nodes that share a
 * machine the first is enough: the others have the same files, users and programs, and a thousand steps at once take longer than
 * all the rest of a start.
 */
export function probeJobs(plan: ClusterPlan): ProbeJob[] {
  const left = new Set(workersUp(plan));
  const machines = new Map(plan.nodes.map(({ name, pack }) => [name, pack?.machine ?? name]));
  const probed = new Set<string>();
  const jobs: ProbeJob[] = [];
  const withGpus = new Set(
    workersOf(plan)
      .filter((node) => node.gpus.length > 0)
      .map((node) => node.name),
  );
  const partitions = [...plan.partitions].sort((a, b) => Number(b.default) - Number(a.default));
  for (const partition of partitions.filter(isOpen)) {
    const { least, most } = sizes(partition);
    const there = partition.nodes.filter((name) => left.has(name));
    const firsts = firstOfEach(there, machines).filter((name) => !probed.has(machines.get(name) ?? ""));
    // A partition may want more nodes at once than it has machines.
    const others = there.filter((name) => !firsts.includes(name));
    const mine =
      firsts.length === 0 ? [] : [...firsts, ...others.slice(0, Math.max(0, least - firsts.length))];
    for (let i = 0; i < mine.length; i += most) {
      const nodes = mine.slice(i, i + most);
      if (nodes.length < least) continue;
      for (const name of nodes) left.delete(name);
      for (const name of nodes) probed.add(machines.get(name) ?? name);
      jobs.push({
        partition: partition.default ? undefined : partition.name,
        account: first(partition, "AllowAccounts") ?? accountsOf(plan, plan.user)[0],
        qos: first(partition, "AllowQos"),
        gpus: nodes.every((name) => withGpus.has(name)),
        nodes,
      });
    }
  }
  return jobs;
}

/** Of these nodes the first on each machine. */
function firstOfEach(nodes: readonly string[], machines: ReadonlyMap<string, string>): string[] {
  const seen = new Set<string>();
  return nodes.filter((name) => {
    const machine = machines.get(name) ?? name;
    if (seen.has(machine)) return false;
    seen.add(machine);
    return true;
  });
}

/** Whether an ordinary user's job can start there. */
function isOpen(partition: PlannedPartition): boolean {
  const said = (key: string) => String(value(partition, key) ?? "").toLowerCase();
  const yes = (key: string) => ["yes", "true", "up", "1"].includes(said(key));
  return !yes("RootOnly") && !yes("ReqResv") && ["", "up"].includes(said("State"));
}

function sizes(partition: PlannedPartition): { least: number; most: number } {
  const number = (key: string, otherwise: number) => {
    const said = Number(value(partition, key) ?? Number.NaN);
    return Number.isInteger(said) && said > 0 ? said : otherwise;
  };
  return { least: number("MinNodes", 1), most: number("MaxNodes", Number.POSITIVE_INFINITY) };
}

function first(partition: PlannedPartition, key: string): string | undefined {
  const names = String(value(partition, key) ?? "").split(",");
  return names[0] === "" || /^all$/i.test(names[0] ?? "") ? undefined : names[0];
}

/** Slurm's keys have no case. */
function value(partition: PlannedPartition, key: string): string | number | null | undefined {
  return Object.entries(partition.slurm).find(([name]) => name.toLowerCase() === key.toLowerCase())?.[1];
}
