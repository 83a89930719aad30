import { join } from "node:path";
import { script } from "@bomb.sh/tab";
import { Argument, type Command } from "commander";

const SHELLS = ["bash", "zsh", "fish"] as const;
type Shell = (typeof SHELLS)[number];

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
Examples (bash needs the package bash-completion):
  pnpm -s run completion bash > ~/.slurmlab.bash && echo 'source ~/.slurmlab.bash' >> ~/.bashrc
  pnpm -s run completion zsh > ~/.slurmlab.zsh && echo 'source ~/.slurmlab.zsh' >> ~/.zshrc
  pnpm -s run completion fish > ~/.config/fish/conf.d/slurmlab.fish

Then, in a new shell: slurmlab scenario gpu-<Tab>, slurmlab cluster exec <Tab>`,
    )
    .action((shell: Shell) => {
      process.stdout.write(callable(shell));
      script(shell, NAME, PROGRAM);
      setExit(0);
    });
}

const quoted = (path: string) => `'${path.replaceAll("'", `'\\''`)}'`;

const PROGRAM = ["ci/with-node", "packages/harness/src/cli/main.ts"].reduce(
  (line, file) => `${line} ${quoted(join(ROOT, file))}`,
  "sh",
);

function callable(shell: Shell): string {
  return shell === "fish" ? `function ${NAME}; ${PROGRAM} $argv; end\n` : `${NAME}() { ${PROGRAM} "$@"; }\n`;
}
