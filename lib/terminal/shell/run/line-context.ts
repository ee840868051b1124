import type { CommandShell } from "../../commands/command.ts";
import type { Sandbox } from "../../isolation/isolation.ts";
import type { PrivateFiles } from "../../isolation/private-files.ts";
import type { KubectlProgram } from "../../kubectl/program.ts";
import type { ShellHost, TerminalSize } from "../host/shell-host.ts";
import type { TerminalOutput } from "../host/terminal-output.ts";
import type { Foreground } from "./foreground.ts";

/** What running a line needs of its shell. */
export interface LineContext {
  host: ShellHost;
  shell: CommandShell;
  sandbox: Sandbox;
  files: PrivateFiles;
  kubectl: KubectlProgram;
  output: TerminalOutput;
  size(): TerminalSize;
  /** Who has the terminal from now on. */
  setForeground(foreground: Foreground): void;
}
