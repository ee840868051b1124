import type { Terminal } from "../terminal/terminal.ts";
import { COMMANDS, commandsOf, splitCommandLine } from "./commands.ts";
import { EXIT_CODES, Failure } from "./failure.ts";
import { describeCommand, describeProgram } from "./help.ts";
import { parseOptions } from "./parse-options.ts";

/** Runs one command line to its end. @returns the exit code; what went wrong is one line on stderr. */
export async function runCommandLine(words: string[], terminal: Terminal): Promise<number> {
  try {
    return (await run(words, terminal)) ?? EXIT_CODES.done;
  } catch (error) {
    if (error instanceof Failure) {
      terminal.tell(`error: ${error.message}`);
      return error.exitCode;
    }
    const { message } = error as Error;
    terminal.tell(
      `error: ${message}. This is a defect of kubewitness; please report it with the command that you ran.`,
    );
    return EXIT_CODES.failed;
  }
}

async function run(words: string[], terminal: Terminal): Promise<number | undefined> {
  // Asked by the shell at each press of the tab key: it has no options of its own.
  if (words[0] === "__complete") {
    const { completeWords } = await import("../completion/complete.ts");
    for (const line of await completeWords(words.slice(1), terminal)) terminal.print(line);
    return;
  }
  const { name, entry, rest } = splitCommandLine(words);
  if (entry === undefined) return answerWithoutCommand(name, rest, terminal);
  const { command } = await entry.load();
  const parsed = parseOptions(name, command, rest);
  if (parsed.options.help) {
    terminal.write(describeCommand(name, command));
    return;
  }
  return command.run({ terminal, commands: COMMANDS, ...parsed });
}

async function answerWithoutCommand(
  name: string,
  rest: string[],
  terminal: Terminal,
): Promise<number | undefined> {
  if (name === "" && rest.includes("--version")) return run(["version"], terminal);
  if (name === "" && rest.every((word) => ["--help", "-h"].includes(word))) {
    terminal.write(describeProgram(COMMANDS));
    return rest.length > 0 ? EXIT_CODES.done : EXIT_CODES.usage;
  }
  const [group = ""] = name.split(" ");
  const takes = (commandsOf(group).length > 0 ? commandsOf(group) : COMMANDS).map((each) => each.name);
  const got = name === "" ? JSON.stringify(rest.join(" ")) : JSON.stringify(name);
  throw new Failure("usage", `There is no command ${got}: takes ${takes.join(", ")}. See: kubewitness help`);
}
