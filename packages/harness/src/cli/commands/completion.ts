import { join } from "node:path";
import { Argument, type Command } from "commander";
import { completionScript, SHELLS, type Shell } from "../completion/scripts.ts";
import { quoted } from "../shell-word.ts";

/** The name that the printed script gives to the whole command line: `slurmlab scenario gpu-job`. */
const NAME = "slurmlab";

const ROOT = join(import.meta.dirname, "../../../../..");

export function completionCommand(program: Command, setExit: (code: number) => void): void {
  program
    .command("completion")
    .description(
      `print a script that gives a shell the command ${NAME}, which works in any folder and completes with Tab`,
    )
    .addArgument(new Argument("<shell>").choices(SHELLS))
    .addHelpText(
      "after",
      `
Examples:
  pnpm -s run completion bash > ~/.slurmlab.bash && echo 'source ~/.slurmlab.bash' >> ~/.bashrc
  pnpm -s run completion zsh > ~/.slurmlab.zsh && echo 'source ~/.slurmlab.zsh' >> ~/.zshrc
  pnpm -s run completion fish > ~/.config/fish/conf.d/slurmlab.fish

Then, in a new shell: slurmlab scenario gpu-<Tab>, slurmlab cluster exec <Tab>`,
    )
    .action((shell: Shell) => {
      process.stdout.write(completionScript(shell, NAME, PROGRAM));
      setExit(0);
    });
}

const WORDS = ["sh", join(ROOT, "ci/with-node"), join(ROOT, "packages/harness/src/cli/main.ts")];
const PROGRAM = WORDS.map(quoted).join(" ");
