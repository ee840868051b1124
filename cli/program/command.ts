import type { Terminal } from "../terminal/terminal.ts";

/** What the shell can be told of a value that is being typed. */
export type Completes = "clusters" | "contexts" | "profiles" | "files";

export interface OptionDescription {
  type: "string" | "boolean";
  short?: string;
  multiple?: true;
  /** What its value is called in help, such as `NAME`. */
  value?: string;
  about: string;
  /** Every value that there is. */
  choices?: readonly string[];
  completes?: Completes;
}

export type Options = Record<string, OptionDescription>;

export interface ArgumentDescription {
  name: string;
  about: string;
  optional?: true;
  choices?: readonly string[];
  completes?: Completes;
}

/** What every command takes. */
export const COMMON_OPTIONS = {
  profile: {
    type: "string",
    value: "NAME",
    about: "the installation, by the name of its profile; else KUBEWITNESS_CLI_PROFILE, or the last login's",
    completes: "profiles",
  },
  output: {
    type: "string",
    short: "o",
    value: "FORMAT",
    about: "json or table",
    choices: ["json", "table"],
  },
  help: { type: "boolean", short: "h", about: "this help" },
} as const satisfies Options;

type ValueOf<O extends OptionDescription> = O["type"] extends "boolean"
  ? boolean
  : O extends { multiple: true }
    ? string[]
    : string | undefined;
export type ValuesOf<O extends Options> = { [Name in keyof O]: ValueOf<O[Name]> };

/** A command by its name. Only the one that is run is loaded. */
export interface CommandEntry {
  name: string;
  about: string;
  load: () => Promise<{ command: Command }>;
}

export interface CommandInput<O extends Options = Options> {
  terminal: Terminal;
  /** All that there are, in the order of the help. */
  commands: readonly CommandEntry[];
  options: ValuesOf<O & typeof COMMON_OPTIONS>;
  /** As many as the command describes, or fewer where some are optional. */
  arguments: string[];
}

export interface Command<O extends Options = Options> {
  about: string;
  /** More than the one line. */
  details?: string;
  arguments: readonly ArgumentDescription[];
  options: O;
  examples: readonly string[];
  /** Resolves with the exit code; 0 where it says nothing. @throws Failure */
  run(input: CommandInput<O>): Promise<number | undefined>;
}

/** A command whose options are typed by their descriptions. */
export function defineCommand<const O extends Options>(command: Command<O>): Command {
  return command as unknown as Command;
}
