import { defineCommand } from "../program/command.ts";
import { Failure } from "../program/failure.ts";
import { describeCommand, describeProgram } from "../program/help.ts";

export const command = defineCommand({
  about: "help on a command",
  arguments: [
    { name: "COMMAND", about: "the command; all of them where it is left out", optional: true },
    { name: "SUBCOMMAND", about: "of audit: search, tail or export", optional: true },
  ],
  options: {},
  examples: ["kubewitness help login", "kubewitness help audit search"],
  async run({ terminal, commands, arguments: words }) {
    const name = words.join(" ");
    if (name === "") {
      await terminal.write(describeProgram(commands));
      return undefined;
    }
    const found = commands.filter((each) => each.name === name || each.name.startsWith(`${name} `));
    if (found.length === 0) {
      const takes = commands.map((each) => each.name).join(", ");
      throw new Failure("usage", `There is no command ${JSON.stringify(name)}: takes ${takes}.`);
    }
    for (const entry of found) {
      await terminal.write(describeCommand(entry.name, (await entry.load()).command));
    }
    return undefined;
  },
});
