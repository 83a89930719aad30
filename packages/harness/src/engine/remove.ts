import type Docker from "dockerode";
import { messageOf } from "../errors/lab-error.ts";
import { ignoreMissing } from "./docker-images.ts";

/** Removes a container, running or not; returns when it is gone, even when somebody else removes it already. */
export async function removeContainer(container: Docker.Container): Promise<void> {
  try {
    await container.remove({ force: true, v: true });
  } catch (error) {
    // 409: someone else is already removing it, which is what was wanted; wait until it is so.
    if ((error as { statusCode?: number }).statusCode !== 409) throw error;
    await ignoreMissing(container.wait({ condition: "removed" }));
  }
}

/** Removes a network. The error of one that is still in use says by what, which the engine's own words do not. */
export async function removeNetwork(network: Docker.Network): Promise<void> {
  try {
    await network.remove();
  } catch (error) {
    if (!/active endpoints/.test(messageOf(error))) throw error;
    const { Containers = {} } = (await network.inspect()) as {
      Containers?: Record<string, { Name: string }>;
    };
    // An endpoint whose container is gone has a key of its own ("ep-...") in place of the container's.
    const users = Object.entries(Containers).map(([key, { Name }]) =>
      key.startsWith("ep-") ? `${Name} (which is gone)` : Name,
    );
    throw new Error(
      `still in use by ${users.join(", ") || "something that the engine does not name"}: ` +
        `docker network disconnect --force ${network.id} NAME`,
      { cause: error },
    );
  }
}
