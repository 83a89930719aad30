import type { FaultLab } from "../fault-lab.ts";
import { connects, type Symptom } from "./symptom.ts";

/** A credential made on g1, and what the controller's munged says of it. */
const CREDENTIAL = async (lab: FaultLab): Promise<string> => {
  const made = await lab.run("g1", "munge", "-n");
  return /^MUNGE:/.test(made)
    ? await lab.run("ctl", "bash", "-c", 'unmunge <<< "$1"', "unmunge", made.trim())
    : made;
};

const decodes = (matches: RegExp) => async (lab: FaultLab) => {
  const said = await CREDENTIAL(lab);
  if (!matches.test(said)) throw new Error(`expected ${matches}, seen ${said}`);
};

const SLURMD = ["timeout", "2", "scontrol", "show", "slurmd"];

const unplugged = {
  shows: (lab: FaultLab) => lab.sees("ctl", connects("g1", 6818), /exit (1|124)/),
  mended: (lab: FaultLab) => lab.sees("ctl", connects("g1", 6818), /^$/),
};

/** Has slurmctld ask every node at once: one that was found silent would be asked again when SlurmdTimeout says so. */
const asked = (lab: FaultLab) => lab.run("ctl", "scontrol", "reconfigure");

/** A megabyte of a job's files, sent to its node within four seconds. */
const SENT = [
  "salloc",
  "--quiet",
  "-w",
  "g1",
  "bash",
  "-c",
  "head -c 1000000 /dev/urandom > /tmp/sent && timeout 4 sbcast --force /tmp/sent /tmp/received",
];

/** Of munge, daemons, nodes and the network. */
export const OF_MACHINES: readonly Symptom[] = [
  {
    input: { fault: "munge-mismatch", on: "g1" },
    shows: decodes(/Invalid credential/),
    mended: decodes(/Success/),
  },
  {
    input: { fault: "munge-down", on: "g1" },
    shows: decodes(/Failed to access/),
    mended: decodes(/Success/),
  },
  {
    input: { fault: "munge-key-mode", on: "g1" },
    shows: (lab) => lab.logs("g1", "munged", /Keyfile is insecure/),
    mended: decodes(/Success/),
  },
  {
    input: { fault: "munge-key-mode", on: "g1", owner: "root" },
    shows: (lab) =>
      lab.logs("g1", "munged", /Keyfile is insecure: .* should be owned by UID \d+ instead of UID 0/),
    mended: decodes(/Success/),
  },
  {
    input: { fault: "clock-skew", on: "g1", by: "+600s" },
    shows: decodes(/Rewound credential/),
    mended: decodes(/Success/),
    administer: asked,
  },
  {
    input: { fault: "clock-skew", on: "g1", by: "-600s" },
    shows: decodes(/Expired credential/),
    mended: decodes(/Success/),
    administer: asked,
  },
  {
    input: { fault: "daemon-killed", daemon: "slurmd", on: "g1" },
    shows: (lab) => lab.sees("g1", SLURMD, /exit 1/),
    mended: (lab) => lab.sees("g1", SLURMD, /Slurmd PID/),
  },
  {
    input: { fault: "daemon-hung", daemon: "slurmd", on: "g1" },
    shows: (lab) => lab.sees("g1", SLURMD, /exit 124/),
    mended: (lab) => lab.sees("g1", SLURMD, /Slurmd PID/),
  },
  {
    input: { fault: "daemon-slow", daemon: "slurmd", on: "g1", stands: 3 },
    shows: async (lab) => {
      await lab.sees("g1", ["timeout", "1", "scontrol", "show", "slurmd"], /exit 124/);
      await lab.sees("g1", ["timeout", "9", "scontrol", "show", "slurmd"], /Slurmd PID/);
    },
    mended: (lab) => lab.sees("g1", SLURMD, /Slurmd PID/),
  },
  {
    input: { fault: "daemon-crash-loops", daemon: "slurmd", on: "g1", every: 1 },
    shows: (lab) => lab.logs("g1", "slurmd", /(slurmd started.*){3}/s),
    mended: (lab) => lab.sees("g1", SLURMD, /Slurmd PID/),
  },
  { input: { fault: "node-killed", on: "g1" }, ...unplugged },
  {
    input: { fault: "node-paused", on: "g1" },
    // What runs in it is frozen, and the engine lets nothing new in.
    shows: (lab) => lab.refuses("g1", /paused/),
  },
  {
    input: { fault: "node-unplugged", on: "g1" },
    shows: async (lab) => {
      await unplugged.shows(lab);
      await lab.sees("g1", ["getent", "hosts", "ctl"], /ctl/);
    },
    mended: async (lab) => {
      await unplugged.mended(lab);
      await lab.sees("g1", connects("ctl", 6817), /^$/);
    },
  },
  { input: { fault: "port-blocked", on: "g1", port: 6818 }, ...unplugged },
  {
    input: { fault: "port-blocked", on: "g1", port: 6817, direction: "out" },
    shows: (lab) => lab.sees("g1", connects("ctl", 6817), /exit 124/),
    mended: (lab) => lab.sees("g1", connects("ctl", 6817), /^$/),
  },
  {
    input: { fault: "network-partition", on: "g1", from: "slurmctld" },
    shows: async (lab) => {
      await unplugged.shows(lab);
      await lab.sees("g2", connects("g1", 6818), /^$/);
    },
    mended: unplugged.mended,
  },
  {
    input: { fault: "network-partition", on: "g1", from: "g2", direction: "in" },
    shows: async (lab) => {
      await lab.sees("g2", connects("g1", 6818), /exit 124/);
      await lab.sees("ctl", connects("g1", 6818), /^$/);
    },
    mended: (lab) => lab.sees("g2", connects("g1", 6818), /^$/),
  },
  {
    // A connection wants three packets: with nine of ten lost, one connection in a thousand has none of them sent again.
    input: { fault: "packets-lost", on: "g1", percent: 90 },
    shows: (lab) => lab.sees("ctl", ["timeout", "0.9", ...connects("g1", 6818)], /exit 124/),
    mended: unplugged.mended,
  },
  {
    // Three packets there and back.
    input: { fault: "packets-delayed", on: "g1", by: 1500 },
    shows: (lab) => lab.sees("ctl", ["timeout", "1", ...connects("g1", 6818)], /exit 124/),
    mended: unplugged.mended,
  },
  {
    input: { fault: "bandwidth-limited", on: "g1", rate: 100 },
    shows: (lab) => lab.sees("ctl", SENT, /exit 124/),
    mended: (lab) => lab.sees("ctl", SENT, /^$/),
  },
  {
    input: { fault: "address-changed", on: "g1" },
    shows: async (lab) => {
      await unplugged.shows(lab);
      await lab.sees("g1", connects("ctl", 6817), /^$/);
    },
    mended: unplugged.mended,
  },
];
