import { FileError } from "../files/file-error.ts";
import { readLine } from "../line-reader.ts";
import { ProcessContext } from "../process-context.ts";
import { ProcessKilledError, ProcessNode } from "../process-table.ts";
import { LineEditor } from "../terminal/line-editor.ts";
import { createCompleter } from "./completion.ts";
import { BreakRequest, ContinueRequest, ExitRequest, ReturnRequest } from "./control-flow.ts";
import { Interpreter } from "./interpreter.ts";
import { parseScript } from "./script-parser.ts";
import { ShellState } from "./shell-state.ts";
import { type Script, ShellSyntaxError } from "./syntax.ts";

const BANNER =
  "\n\nBusyBox v1.36.1 (2026-05-20 09:12:44 UTC) built-in shell (ash)\nEnter 'help' for a list of built-in commands.\n\n";
const MAX_SCRIPT_BYTES = 1024 * 1024;

interface Invocation {
  command: string | null;
  file: string | null;
  positional: string[];
  interactive: boolean;
  options: string[];
}

/** `sh`, `ash` and `bash`: `-c`, a script file, a script on stdin, or interactive on a terminal. */
export async function runShell(process: ProcessContext): Promise<number> {
  const invocation = parseInvocation(process.args);
  const shell = new Interpreter(process, initialState(process, invocation));
  const exitCode = await runToExit(shell, invocation);
  return runExitTrap(shell, exitCode);
}

async function runToExit(shell: Interpreter, invocation: Invocation): Promise<number> {
  const { process } = shell;
  try {
    if (invocation.command !== null) return await runText(shell, invocation.command);
    if (invocation.file !== null) return await runText(shell, await readScript(process, invocation.file));
    if (process.terminal !== null && process.stdin === process.terminal.reader)
      return await runInteractively(shell);
    return await runFromStdin(shell);
  } catch (error) {
    if (error instanceof ExitRequest) return error.exitCode;
    if (error instanceof ReturnRequest) return error.exitCode;
    if (error instanceof BreakRequest || error instanceof ContinueRequest) return 0;
    const exitCode = await shell.reportShellError(error);
    if (exitCode === undefined) throw error;
    return exitCode;
  }
}

async function runExitTrap(shell: Interpreter, exitCode: number): Promise<number> {
  if (shell.state.exitTrap === "") return exitCode;
  shell.state.lastStatus = exitCode;
  return shell.runAsSubshell(async () => {
    await shell.run(parseScript(shell.state.exitTrap));
    return exitCode;
  });
}

function parseInvocation(args: string[]): Invocation {
  const invocation: Invocation = {
    command: null,
    file: null,
    positional: [],
    interactive: false,
    options: [],
  };
  let at = 0;
  let takesCommand = false;
  for (; at < args.length && /^[-+]./.test(args[at]!); at++) {
    if (args[at] === "--") {
      at++;
      break;
    }
    if (args[at]!.startsWith("--")) continue;
    for (const option of args[at]!.slice(1)) {
      if (option === "c") takesCommand = true;
      else if (option === "i") invocation.interactive = true;
      else if (option === "o") at++;
      else if (!"ls".includes(option)) invocation.options.push(option);
    }
  }
  if (takesCommand) invocation.command = args[at++] ?? "";
  else if (at < args.length) invocation.file = args[at++]!;
  invocation.positional = args.slice(at);
  return invocation;
}

function initialState(process: ProcessContext, invocation: Invocation): ShellState {
  const state = new ShellState(process.name);
  for (const [name, value] of process.environment) {
    state.set(name, value);
    state.exported.add(name);
  }
  state.directory = process.directory;
  state.set("PWD", process.directory);
  state.set("PPID", String(process.entry.parentPid));
  state.pid = process.entry.pid;
  for (const option of invocation.options) state.options.add(option);
  state.positional = invocation.positional;
  if (invocation.command !== null && invocation.positional.length > 0) {
    state.scriptName = invocation.positional[0]!;
    state.positional = invocation.positional.slice(1);
  } else if (invocation.file !== null) state.scriptName = invocation.file;
  return state;
}

async function readScript(process: ProcessContext, file: string): Promise<string> {
  try {
    const content = process.container.files.open(process.path(file));
    return content.read(0, MAX_SCRIPT_BYTES).toString("utf8");
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    await process.fail(`can't open '${file}': ${error.message}`);
    throw new ExitRequest(2);
  }
}

async function runText(shell: Interpreter, text: string): Promise<number> {
  return shell.run(parseScript(text));
}

/** A script on stdin is read line by line, for its commands may read the same stream. */
async function runFromStdin(shell: Interpreter): Promise<number> {
  let text = "";
  for (;;) {
    const line = await readLine(shell.streams.stdin, shell.process.signal);
    if (line !== null) text += `${line.text}\n`;
    const script = tryParse(text, line === null);
    if (script !== null) {
      text = "";
      await shell.run(script);
    }
    if (line === null) return shell.state.lastStatus;
    if (text.length > MAX_SCRIPT_BYTES) throw new ShellSyntaxError("script too long");
  }
}

/** Null where more lines are needed; throws where it is no script. */
function tryParse(text: string, isAll: boolean): Script | null {
  try {
    return parseScript(text);
  } catch (error) {
    if (error instanceof ShellSyntaxError && error.incomplete && !isAll) return null;
    throw error;
  }
}

async function runInteractively(shell: Interpreter): Promise<number> {
  const { process, state } = shell;
  const terminal = process.terminal!;
  const editor = new LineEditor(terminal, createCompleter(shell));
  if (process.name !== "bash") await process.print(BANNER);
  let text = "";
  for (;;) {
    const line = await editor.readLine(text === "" ? promptOf(shell) : "> ", process.signal);
    if (line.kind === "end") return state.lastStatus;
    if (line.kind === "interrupt") {
      text = "";
      state.lastStatus = 130;
      continue;
    }
    editor.addHistory(line.text);
    text += `${line.text}\n`;
    text = await runTypedText(shell, text, line.text.trim() === "history" ? editor.history : null);
  }
}

/** Runs what was typed; returns it where it is not complete yet, else an empty string. */
async function runTypedText(shell: Interpreter, text: string, history: string[] | null): Promise<string> {
  const { process, state } = shell;
  try {
    const script = tryParse(text, false);
    if (script === null) return text;
    if (history !== null)
      await process.print(history.map((line, index) => `${String(index).padStart(5)}  ${line}\n`).join(""));
    else await runAsForegroundJob(shell, script);
  } catch (error) {
    if (error instanceof ProcessKilledError && !process.signal.aborted) state.lastStatus = error.exitCode;
    else {
      const exitCode = await shell.reportShellError(error);
      if (exitCode === undefined) throw error;
      state.lastStatus = exitCode;
    }
  }
  return "";
}

async function runAsForegroundJob(shell: Interpreter, script: Script): Promise<void> {
  const { process } = shell;
  const terminal = process.terminal!;
  const node = new ProcessNode(process.entry.node);
  const saved = terminal.onSignal;
  terminal.onSignal = (signal) => node.kill(signal);
  shell.process = new ProcessContext({
    ...process.inherited(),
    entry: { ...process.entry, node },
    signal: node.signal,
  });
  try {
    await shell.run(script);
  } catch (error) {
    if (
      !(error instanceof BreakRequest || error instanceof ContinueRequest || error instanceof ReturnRequest)
    )
      throw error;
  } finally {
    shell.process = process;
    shell.streams = { stdin: process.stdin, stdout: process.stdout, stderr: process.stderr };
    terminal.onSignal = saved;
    node.detach();
  }
}

function promptOf(shell: Interpreter): string {
  const { state, process } = shell;
  const home = state.get("HOME") ?? "/root";
  const directory = state.directory === home ? "~" : state.directory.replace(`${home}/`, "~/");
  const custom = state.get("PS1");
  if (custom !== undefined) {
    return custom
      .replaceAll("\\w", directory)
      .replaceAll("\\u", "root")
      .replaceAll("\\h", process.container.identity.pod)
      .replaceAll("\\$", "#");
  }
  return process.name === "bash"
    ? `root@${process.container.identity.pod}:${directory}# `
    : `${directory} # `;
}
