import { SCRIPTS } from "../completion/scripts.ts";
import { defineCommand } from "../program/command.ts";

export const command = defineCommand({
  about: "completion for a shell",
  details: "Completes commands, options, and the names of clusters, contexts and profiles.",
  arguments: [{ name: "SHELL", about: "bash, zsh or fish", choices: Object.keys(SCRIPTS) }],
  options: {},
  examples: [
    "source <(kubewitness completion bash)      # in ~/.bashrc",
    "source <(kubewitness completion zsh)       # in ~/.zshrc, after compinit",
    "kubewitness completion fish | source       # in ~/.config/fish/config.fish",
  ],
  async run({ terminal, arguments: [shell] }) {
    await terminal.write(SCRIPTS[shell as keyof typeof SCRIPTS]);
    return undefined;
  },
});
