import { newClusterId } from "../../src/cluster/names.ts";
import { LABEL, type Labels, ownerOf } from "../../src/engine/labels.ts";

/** A name for a cluster of a benchmark, and the labels by which every command finds it should it be left behind. */
export function benchId(): { id: string; labels: Labels } {
  const id = newClusterId("bench");
  return {
    id,
    labels: {
      [LABEL.tool]: "bench",
      [LABEL.cluster]: id,
      [LABEL.scenario]: "bench",
      [LABEL.owner]: ownerOf(process.pid),
      [LABEL.created]: new Date().toISOString(),
    },
  };
}
