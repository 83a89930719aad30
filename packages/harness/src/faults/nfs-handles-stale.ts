import { z } from "zod";
import { nodeOf } from "../cluster/cluster.ts";
import { changeFile } from "./changed-file.ts";
import { defineFault } from "./fault.ts";

const GANESHA_CONF = "/etc/ganesha/ganesha.conf";

/** The export's number is part of every file handle that NFS-Ganesha gives. */
const anotherExport = (text: string) => text.replace("Export_Id = 1;", "Export_Id = 2;");

export const nfsHandlesStale = defineFault({
  name: "nfs-handles-stale",
  summary:
    "Gives the NFS server's export of /home another identity, as a failover or a restored file system may: every node's mount is stale. Healed, the old handles are good again; what was open meanwhile is lost.",
  schema: z.strictObject({ fault: z.literal("nfs-handles-stale") }),
  lacks: (_, { nodes }) =>
    nodes.some(({ roles }) => roles.includes("nfs"))
      ? undefined
      : "the cluster has no NFS server: storage: nfs gives it one",
  // With `storage: auto` that is known once the machine's kernel has been looked at.
  unavailable: async (_, { cluster }) =>
    cluster.plan.storage === "nfs" ? undefined : "/home is on a volume, as the kernel has no NFS client",
  sentence: () => "the nodes' NFS handles of /home are stale",
  async inject(_, { cluster, daemons, heals }): Promise<void> {
    const node = nodeOf(cluster, "nfs");
    heals("start the NFS server again", () => daemons.restart(node, "ganesha"));
    await changeFile(node, GANESHA_CONF, anotherExport, { heals });
    await daemons.restart(node, "ganesha");
  },
});
