import type Docker from "dockerode";
import { messageOf } from "../errors/lab-error.ts";
import { ignoreMissing } from "./docker-images.ts";
import { LABEL } from "./labels.ts";
import type { NetworkTurns } from "./network-turns.ts";

/** Networks that nobody can be taken off, or that are never removed. */
const BUILT_IN = new Set(["none", "host", "bridge"]);

/**
 * Removes a container, running or not; returns when it is gone, even when somebody else removes it already, or has. Where
 * networks are left in turns it is taken off its own before, or removed in its turn when it has a mount over that.
 */
export async function removeContainer(
  docker: Docker,
  id: string,
  turns: NetworkTurns | undefined,
): Promise<void> {
  const container = docker.getContainer(id);
  const found = turns && (await ignoreMissing(container.inspect()));
  // One that has ended is on no network.
  const networks = found?.State.Running ? Object.keys(found.NetworkSettings.Networks) : [];
  const [network] = networks.filter((name) => !BUILT_IN.has(name));
  if (!turns || !network) return await removeAtOnce(container);
  if (found?.Config.Labels[LABEL.mounts] !== undefined)
    return await turns.change(network, () => removeAtOnce(container));
  await turns.change(network, async () => {
    const options = { Container: id, Force: true };
    // It may have ended, or been removed, meanwhile: its removal will tell of what matters.
    await docker
      .getNetwork(network)
      .disconnect(options)
      .catch(() => {});
  });
  await removeAtOnce(container);
}

async function removeAtOnce(container: Docker.Container): Promise<void> {
  try {
    await ignoreMissing(container.remove({ force: true, v: true }));
  } catch (error) {
    // 409: someone else is already removing it, which is what was wanted; wait until it is so.
    if ((error as { statusCode?: number }).statusCode !== 409) throw error;
    await ignoreMissing(container.wait({ condition: "removed" }));
  }
}

/**
 * Removes a network. The error of one that is still in use says by what, which the engine's own words do not.
 *
 * Docker before 28 may have counted an endpoint twice (`network-turns.ts`), and puts that right itself when it starts ("Fixing
 * inconsistent endpoint_cnt").
 */
export async function removeNetwork(network: Docker.Network): Promise<void> {
  try {
    await network.remove();
  } catch (error) {
    if (!/active endpoints/.test(messageOf(error))) throw error;
    const { Containers = {} } = (await network.inspect()) as {
      Containers?: Record<string, { Name: string }>;
    };
    const users = Object.values(Containers).map(({ Name }) => Name);
    const why =
      users.length > 0
        ? `still in use by ${users.join(", ")}: docker network disconnect --force ${network.id} NAME`
        : "nothing is on it, but the engine has counted wrong, as Docker before 28 may; it can be removed when the engine has been started again";
    throw new Error(why, { cause: error });
  }
}
