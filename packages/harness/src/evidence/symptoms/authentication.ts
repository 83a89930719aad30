import { type KnownSymptom, read, SLURM } from "./symptom.ts";

export const AUTHENTICATION: readonly KnownSymptom[] = [
  {
    id: "munge-key-differs",
    daemons: SLURM,
    says: /Munge decode failed: Invalid credential/,
    cause: "two nodes have different munge keys, or munged was not restarted after its key changed",
    check: "`munge -n | ssh NODE unmunge` in both directions, and when munged was started",
    do: "put the same munge.key everywhere and restart munged; Slurm's daemons need no restart",
    examples: [read("auth_munge.c:539@26.05", "Munge decode failed: Invalid credential")],
  },
  {
    id: "clocks-differ",
    daemons: SLURM,
    says: /Munge decode failed: (?:Rewound|Expired) credential/,
    cause: "the clocks of two nodes differ by more than a munge credential lives (300 s)",
    check:
      "`date` on the node that is named and on the controller; ENCODED and DECODED in the lines after it",
    do: "repair NTP on the node whose clock is off, then restart munged there",
    examples: [
      read("auth_munge.c:506@20.11", "Munge decode failed: Rewound credential"),
      read("auth_munge.c:506@20.11", "Munge decode failed: Expired credential"),
    ],
  },
  {
    id: "munged-down",
    daemons: SLURM,
    says: /Munge (?:en|de)code failed: Failed to access/,
    cause: "munged does not run on this node",
    check: "`systemctl status munge`, and munged.log for why it ended",
    do: "start munged; Slurm's daemons need no restart",
    examples: [
      read(
        "auth_munge.c:191@20.11",
        'Munge encode failed: Failed to access "/run/munge/munge.socket.2": No such file or directory',
      ),
    ],
  },
  {
    id: "munge-key-open",
    daemons: ["munged"],
    says: /Keyfile is insecure/,
    cause: "the munge key belongs to another user, or others may read it, so munged does not start",
    check: "`ls -l /etc/munge/munge.key`",
    do: "chown munge: and chmod 0400 the key, then start munged",
    examples: [
      read(
        "munged/conf.c:1120",
        'Keyfile is insecure: "/etc/munge/munge.key" should not be readable or writable by group (perms=0644)',
      ),
    ],
  },
  {
    id: "slurmd-not-root",
    daemons: ["slurmctld"],
    says: /Security violation, NODE_REGISTER RPC from uid=/,
    cause: "slurmd of a node runs as a user that is neither root nor SlurmUser",
    check: "`ps -o user,cmd -C slurmd` on the node, and SlurmdUser in slurm.conf",
    do: "start slurmd as root",
    examples: [read("proc_req.c:2972@26.05", "Security violation, NODE_REGISTER RPC from uid=1000")],
  },
  {
    id: "jwt-wrong-key",
    daemons: ["slurmctld", "slurmdbd", "slurmrestd"],
    says: /jwt_decode failure|token expired/,
    cause: "a token has expired, or was made with another jwt_hs256.key than this daemon has",
    check: "the token's lifespan, and the key's checksum on slurmctld's and slurmdbd's node",
    do: "make a new token (`scontrol token`); with different keys, copy one and restart both daemons",
    examples: [
      read("auth_jwt.c:391@22.05", "auth_p_verify: jwt_decode failure"),
      read("auth_jwt.c:409@22.05", "auth_p_verify: token expired"),
    ],
  },
];
