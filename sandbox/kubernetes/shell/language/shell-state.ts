import type { Command } from "./syntax.ts";

/** A fatal error of the shell itself, such as `${name:?message}`. */
export class ShellError extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode = 2) {
    super(message);
    this.name = "ShellError";
    this.exitCode = exitCode;
  }
}

const MAX_VALUE_LENGTH = 1024 * 1024;
const MAX_VARIABLES = 10_000;

/** What a shell remembers; a subshell works on a copy. */
export class ShellState {
  readonly shellName: string;
  variables = new Map<string, string>();
  exported = new Set<string>();
  readOnly = new Set<string>();
  functions = new Map<string, Command>();
  aliases = new Map<string, string>();
  /** $1 and on. */
  positional: string[] = [];
  /** $0. */
  scriptName: string;
  lastStatus = 0;
  lastBackgroundPid = "";
  pid = 0;
  directory = "/";
  options = new Set<string>();
  /** Function calls and subshells above this one. */
  depth = 0;
  exitTrap = "";
  /** Values to bring back when a function returns: what `local` does. */
  localFrames: Map<string, string | undefined>[] = [];

  constructor(shellName: string) {
    this.shellName = shellName;
    this.scriptName = shellName;
  }

  get(name: string): string | undefined {
    return this.variables.get(name);
  }

  set(name: string, value: string): void {
    if (this.readOnly.has(name)) throw new ShellError(`${name}: is read only`);
    if (value.length > MAX_VALUE_LENGTH || this.variables.size > MAX_VARIABLES)
      throw new ShellError("out of memory");
    this.variables.set(name, value);
    if (this.options.has("a")) this.exported.add(name);
  }

  unset(name: string): void {
    if (this.readOnly.has(name)) throw new ShellError(`${name}: is read only`);
    this.variables.delete(name);
    this.exported.delete(name);
  }

  /** Environment of programs that the shell starts. */
  environment(): Map<string, string> {
    const result = new Map<string, string>();
    for (const name of this.exported) {
      const value = this.variables.get(name);
      if (value !== undefined) result.set(name, value);
    }
    return result;
  }

  copy(): ShellState {
    const copy = new ShellState(this.shellName);
    copy.variables = new Map(this.variables);
    copy.exported = new Set(this.exported);
    copy.readOnly = new Set(this.readOnly);
    copy.functions = new Map(this.functions);
    copy.aliases = new Map(this.aliases);
    copy.positional = [...this.positional];
    copy.scriptName = this.scriptName;
    copy.lastStatus = this.lastStatus;
    copy.lastBackgroundPid = this.lastBackgroundPid;
    copy.pid = this.pid;
    copy.directory = this.directory;
    copy.options = new Set(this.options);
    copy.depth = this.depth + 1;
    return copy;
  }
}
