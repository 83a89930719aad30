import type { Problem } from "../../problem.ts";
import type { Setting } from "../../read/conf-file.ts";
import { type Site, settingOf } from "../../read/site.ts";
import { since } from "../../slurm/version.ts";
import { errorAt, type Subject, warningAt } from "../rule.ts";

/** The cluster's name, its controllers, and where they keep their state. */
export function* hosts({ site, knowledge }: Subject): Generator<Problem> {
  const first = site.confs.get("slurm.conf")?.lines[0];
  if (!first) return;
  if (!settingOf(site, "ClusterName"))
    yield errorAt(
      first,
      {
        code: "no-cluster-name",
        message: "ClusterName is missing",
        hint: "ClusterName=... at the top",
        says: "ClusterName needs to be specified",
      },
      "key",
    );
  const controllers = controllersOf(site);
  const old = settingOf(site, "ControlMachine");
  if (controllers.length === 0 && !old)
    yield errorAt(
      first,
      {
        code: "no-controller",
        message: "no SlurmctldHost line says where slurmctld runs",
        hint: "SlurmctldHost=name, or SlurmctldHost=name(address)",
        says: "No SlurmctldHost defined.",
      },
      "key",
    );
  yield* sameHost(controllers);
  const backup = controllers[1] ?? settingOf(site, "BackupController");
  const state = settingOf(site, "StateSaveLocation");
  if (backup && !state) {
    const message =
      "StateSaveLocation is not set, and its default /var/spool is not shared between controllers";
    yield warningAt(backup, {
      code: "state-not-shared",
      message,
      hint: "set it to a folder that every controller mounts",
    });
  } else if (backup && state && LOCAL.test(state.value)) {
    const message = `${state.value} is usually a local folder, and the backup controller needs the same one`;
    yield warningAt(state, {
      code: "state-not-shared",
      message,
      hint: "a folder on storage that every controller mounts",
    });
  }
  if (state && /^\/(tmp|var\/tmp|dev\/shm|run)(\/|$)/.test(state.value)) {
    const message = `${state.value} is emptied at a reboot, and with it every job in the queue`;
    yield warningAt(state, { code: "state-on-tmp", message, hint: "for example /var/spool/slurmctld" });
  }
  if (!since(knowledge.slurm, "22.05") || !state || !settingOf(site, "SlurmdSpoolDir")) return;
  const spool = settingOf(site, "SlurmdSpoolDir");
  if (spool && spool.value === state.value) {
    const message = `slurmctld and slurmd would both keep their state in ${state.value}`;
    yield warningAt(spool, { code: "same-folder", message, hint: "give each a folder of its own" });
  }
}

/** Local on nearly every machine; a site that mounts something there knows better, hence a warning. */
const LOCAL = /^\/(var\/(spool|lib|tmp|run)|tmp|run)(\/|$)/;

/** SlurmctldHost lines, the primary first. */
export function controllersOf(site: Site): Setting[] {
  const lines = site.confs.get("slurm.conf")?.lines ?? [];
  return lines.filter((line) => line.key.toLowerCase() === "slurmctldhost");
}

function* sameHost(controllers: readonly Setting[]): Generator<Problem> {
  const seen = new Set<string>();
  for (const controller of controllers) {
    const name = controller.value.replace(/\(.*/, "");
    if (seen.has(name)) {
      const message = `SlurmctldHost names ${name} twice`;
      const says = `Duplicate SlurmctldHost records: ${name}`;
      yield errorAt(controller, {
        code: "controller-twice",
        message,
        hint: "one line for each controller",
        says,
      });
    }
    seen.add(name);
  }
}
