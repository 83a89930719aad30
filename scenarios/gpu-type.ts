import { scenario } from "@slurmlab/harness";

// Not covered: several types on one node, a type that only differs in case.
export default scenario({
  title: "A job gets a GPU of the type it names, and is refused a type that there is not",
  tags: ["gpu"],
  cluster: {
    nodes: [{ name: "g1", roles: ["slurmd"], gpus: { type: "a100", count: 2 } }],
  },
  async run({ submit, until, refuse, output, expect }) {
    const because = "Requested node configuration is not available";
    await refuse({ run: "true", gres: "gpu:h100:1", because });
    const job = await submit({ run: "nvidia-smi -L", gres: "gpu:a100:1" });
    await until({ job, is: "COMPLETED", within: "30s" });
    await expect({
      that: "nvidia-smi shows it an A100",
      actual: await output({ of: job }),
      matches: /^GPU 0: NVIDIA A100/,
    });
  },
});
