import { type KnownSymptom, read } from "./symptom.ts";

export const GPUS: readonly KnownSymptom[] = [
  {
    id: "gpu-device-missing",
    daemons: ["slurmd"],
    says: /can't stat gres\.conf file \S+|Waiting for gres\.conf file \S+/,
    cause: "gres.conf names a GPU device that the node does not have, so slurmd waits 20 s and ends",
    check: "`ls -l /dev/nvidia*` and `nvidia-smi -L` on the node",
    do: "load the driver before slurmd starts (nvidia-persistenced), or correct gres.conf",
    examples: [
      read("gres.c:1118@24.11", "Waiting for gres.conf file /dev/nvidia0"),
      read("gres.c:1122@24.11", "can't stat gres.conf file /dev/nvidia0: No such file or directory"),
    ],
  },
  {
    id: "gpus-fewer",
    daemons: ["slurmctld", "slurmd"],
    says: /gres\/\w+ count reported lower than configured \(\d+ < \d+\)/,
    cause: "the node found fewer GPUs than slurm.conf gives it",
    check: "`slurmd -G` and `nvidia-smi -L` on the node, and dmesg for one that fell off the bus",
    do: "repair the GPU or correct Gres= and gres.conf, restart slurmd, and resume the node",
    examples: [
      read(
        "gres.c:3940@24.11",
        "Setting node g1 state to INVAL with reason:gres/gpu count reported lower than configured (1 < 2)",
      ),
    ],
  },
  {
    id: "nvml-missing",
    daemons: ["slurmd"],
    says: /We were configured to autodetect nvml functionality, but we weren't able to find that lib|Failed to initialize NVML/,
    cause: "AutoDetect=nvml on a Slurm without NVML, or on a node without the driver",
    check: "that gpu_nvml.so is among the plugins, and `nvidia-smi` on the node",
    do: "install a Slurm built with NVML, or name the devices in gres.conf",
    examples: [
      read(
        "gpu.c:107@24.11",
        "We were configured to autodetect nvml functionality, but we weren't able to find that lib when Slurm was configured.",
      ),
      read("gpu_nvml.c:178@20.11", "Failed to initialize NVML: Driver Not Loaded"),
    ],
  },
];
