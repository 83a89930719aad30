/** Shells that there is a script for. */
export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

/**
 * The script that gives a shell the command and its completion; `program` is what stands for the command, quoted for a shell. Ours, as
 * those of the library hand the line that is being typed to `eval`: a substitution on it would run at a Tab, a redirection empty a file.
 */
export function completionScript(shell: Shell, name: string, program: string): string {
  return SCRIPTS[shell](name, program);
}

const SCRIPTS: Readonly<Record<Shell, (name: string, program: string) => string>> = {
  // Readline breaks words at = and :, and wants what stands behind the last of them.
  bash: (name, program) => `${name}() { ${program} "$@"; }
_${name}() {
  local word glue= words=()
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD}"; do
    case $word in
      *[\\<\\>\\|\\&\\;]*) return ;;
      [=:]*) [ \${#words[@]} -gt 0 ] && words[-1]+=$word glue=yes ;;
      *) if [ -n "$glue" ]; then words[-1]+=$word glue=; else words+=("$word"); fi ;;
    esac
  done
  COMPREPLY=()
  while IFS=$'\\t' read -r word _; do
    case $word in :*) ;; *) COMPREPLY+=("$word") ;; esac
  done < <(${program} complete -- "\${words[@]}" 2> /dev/null)
}
complete -o default -F _${name} ${name}
`,
  zsh: (name, program) => `${name}() { ${program} "$@" }
_${name}() {
  local word about
  local -a offered
  while IFS=$'\\t' read -r word about; do
    [[ $word == :* ]] || offered+=("\${word//:/\\\\:}\${about:+:$about}")
  done < <(${program} complete -- "\${(@)words[2,CURRENT]}" 2> /dev/null)
  if (( $#offered )); then _describe ${name} offered; else _files; fi
}
(( $+functions[compdef] )) || { autoload -Uz compinit && compinit; }
compdef _${name} ${name}
`,
  fish: (name, program) => `function ${name}
  ${program} $argv
end
function __${name}_offered
  set -l words (commandline -opc) (commandline -ct)
  ${program} complete -- $words[2..] 2> /dev/null | string match --invert --regex '^:'
end
complete --command ${name} --no-files --arguments '(__${name}_offered)'
`,
};
