import {
  COMMON_OPTIONS,
  type Command,
  type CommandEntry,
  type OptionDescription,
  type Options,
} from "./command.ts";

const WIDTH = 24;

/** What `kubewitness help` prints. */
export function describeProgram(commands: readonly CommandEntry[]): string {
  const lines = commands.map(({ name, about }) => `  ${name.padEnd(WIDTH)}${about}`);
  return [
    "Reaches Kubernetes through Kubewitness, and asks what it has on record.",
    "",
    "Usage: kubewitness COMMAND [OPTIONS]",
    "",
    ...lines,
    "",
    "First: kubewitness login https://audit.example.com",
    "Help on one: kubewitness help COMMAND",
    "",
  ].join("\n");
}

/** What `kubewitness help COMMAND` prints. */
export function describeCommand(name: string, command: Command): string {
  const words = command.arguments.map((each) => (each.optional ? `[${each.name}]` : each.name));
  const listed = command.arguments.map((each) => `  ${each.name.padEnd(WIDTH)}${each.about}`);
  return [
    `${capitalized(command.about)}.`,
    ...(command.details ? ["", command.details] : []),
    "",
    `Usage: kubewitness ${[name, ...words].join(" ")} [OPTIONS]`,
    ...(listed.length > 0 ? ["", ...listed] : []),
    "",
    "Options:",
    ...describeOptions({ ...command.options, ...COMMON_OPTIONS }),
    ...(command.examples.length > 0 ? ["", "Examples:", ...command.examples.map((line) => `  ${line}`)] : []),
    "",
  ].join("\n");
}

function describeOptions(options: Options): string[] {
  return Object.entries(options).map(([name, option]) => {
    const names = `${option.short ? `-${option.short}, ` : "    "}--${name}${placeholder(option)}`;
    return `  ${names.padEnd(WIDTH + 4)}${option.about}`;
  });
}

const placeholder = ({ type, value }: OptionDescription) =>
  type === "boolean" ? "" : ` ${value ?? "VALUE"}`;
const capitalized = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
