import type { EnsureTool } from "@slurmlab/images";
import { hasProgram, installPackages, whyNoInstall } from "../../engine/install.ts";
import { LabError } from "../../errors/lab-error.ts";
import type { Terminal } from "../terminal.ts";

/** Installs what a build needs on this machine, each thing once, however many builds ask; refused where that is forbidden. */
export function toolInstaller(
  out: Terminal,
  io: { readonly say: (line: string) => void; readonly signal: AbortSignal },
): EnsureTool {
  const asked = new Map<string, Promise<void>>();
  return (tool, packages, why) => {
    const ensured = asked.get(tool) ?? ensure(tool, packages, why);
    asked.set(tool, ensured);
    return ensured;
  };

  async function ensure(tool: string, packages: readonly string[], why: string): Promise<void> {
    if (hasProgram(tool)) return;
    const forbidden = whyNoInstall(process.env);
    if (forbidden)
      throw new LabError({
        kind: "no-engine",
        message: `${tool} is needed ${why}`,
        seen: forbidden,
        hint: `install the packages ${packages.join(" ")}`,
      });
    await installPackages(packages, why, { ...io, confirm: out.confirm });
  }
}
