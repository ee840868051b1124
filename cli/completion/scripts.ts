/** What each shell runs once, at its start. All that is known of commands is asked of the program at each press of the key. */
export const SCRIPTS = {
  bash: `# kubewitness completion for bash: source <(kubewitness completion bash)
_kubewitness() {
  local word="\${COMP_WORDS[COMP_CWORD]}" line
  local -a words=()
  # Readline splits at = and :, which the program wants back in its words.
  local typed="\${COMP_LINE:0:COMP_POINT}"
  read -ra words <<< "$typed"
  [[ "$typed" == *[[:space:]] ]] && words+=("")
  local whole="\${words[\${#words[@]} - 1]}"
  COMPREPLY=()
  while IFS= read -r line; do
    if [[ "$line" == :files ]]; then
      compopt -o filenames 2>/dev/null
      while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "$word")
      continue
    fi
    line="\${line%%$'\\t'*}"
    COMPREPLY+=("\${line#"\${whole%"$word"}"}")
  done < <("\${words[0]/#\\~/$HOME}" __complete "\${words[@]:1}" 2>/dev/null)
}
complete -F _kubewitness kubewitness
`,
  zsh: `#compdef kubewitness
# kubewitness completion for zsh: source <(kubewitness completion zsh)
_kubewitness() {
  local line
  local -a described plain
  for line in "\${(@f)$("\${words[1]}" __complete "\${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
    if [[ "$line" == ":files" ]]; then
      _files
    elif [[ "$line" == *$'\\t'* ]]; then
      described+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
    elif [[ -n "$line" ]]; then
      plain+=("$line")
    fi
  done
  (( \${#described} )) && _describe 'kubewitness' described
  (( \${#plain} )) && compadd -a plain
  return 0
}
if [ "$funcstack[1]" = "_kubewitness" ]; then _kubewitness "$@"; else compdef _kubewitness kubewitness; fi
`,
  fish: `# kubewitness completion for fish: kubewitness completion fish | source
function __kubewitness_complete
  set -l words (commandline -opc) (commandline -ct)
  for line in (command $words[1] __complete $words[2..] 2>/dev/null)
    if test "$line" = ":files"
      __fish_complete_path (commandline -ct)
    else
      printf '%s\\n' $line
    end
  end
end
complete -c kubewitness -f -a '(__kubewitness_complete)'
`,
} as const;
