import { FileError } from "../files/file-error.ts";
import { resolvePath } from "../files/virtual-file-system.ts";
import { ProcessKilledError } from "../process-table.ts";
import { evaluateArithmetic } from "./arithmetic.ts";
import { fail, forEach, print } from "./builtin-output.ts";
import { BreakRequest, ContinueRequest, ExitRequest, ReturnRequest } from "./control-flow.ts";
import type { Interpreter } from "./interpreter.ts";
import { parseScript } from "./script-parser.ts";
import { ShellError } from "./shell-state.ts";
import {
  declare,
  declareLocal,
  readBuiltin,
  setOptions,
  shiftBuiltin,
  unsetBuiltin,
} from "./variable-builtins.ts";

type Builtin = (shell: Interpreter, args: string[]) => Promise<number>;

/** Commands that change the shell itself. */
export const BUILTINS: ReadonlyMap<string, Builtin> = new Map<string, Builtin>([
  [":", async () => 0],
  [".", runFile],
  ["source", runFile],
  ["alias", defineAlias],
  ["break", async (_shell, args) => raise(new BreakRequest(levels(args)))],
  ["cd", changeDirectory],
  ["command", runCommandBuiltin],
  ["continue", async (_shell, args) => raise(new ContinueRequest(levels(args)))],
  ["eval", async (shell, args) => shell.run(parseScript(args.join(" ")))],
  ["exec", replaceShell],
  ["exit", async (shell, args) => raise(new ExitRequest(status(shell, args)))],
  ["export", async (shell, args) => declare(shell, args, "export")],
  ["hash", async () => 0],
  ["help", printHelp],
  ["jobs", async () => 0],
  ["let", letBuiltin],
  ["local", declareLocal],
  ["read", readBuiltin],
  ["readonly", async (shell, args) => declare(shell, args, "readonly")],
  ["return", async (shell, args) => raise(new ReturnRequest(status(shell, args)))],
  ["set", setOptions],
  ["shift", shiftBuiltin],
  ["trap", trapBuiltin],
  ["type", describeCommand],
  ["ulimit", async (shell) => print(shell, "unlimited\n")],
  ["umask", async (shell, args) => (args.length === 0 ? print(shell, "0022\n") : 0)],
  ["unalias", async (shell, args) => forEach(args, (name) => shell.state.aliases.delete(name))],
  ["unset", unsetBuiltin],
  ["wait", waitBuiltin],
]);

function raise(request: Error): never {
  throw request;
}

function levels(args: string[]): number {
  return Math.max(1, Number(args[0] ?? 1) || 1);
}

function status(shell: Interpreter, args: string[]): number {
  if (args[0] === undefined) return shell.state.lastStatus;
  if (!/^\d+$/.test(args[0])) throw new ShellError(`exit: Illegal number: ${args[0]}`);
  return Number(args[0]) & 0xff;
}

async function changeDirectory(shell: Interpreter, args: string[]): Promise<number> {
  const { state } = shell;
  const wanted = args.find((arg) => arg === "-" || !arg.startsWith("-")) ?? state.get("HOME") ?? "/root";
  const target = wanted === "-" ? (state.get("OLDPWD") ?? state.directory) : wanted;
  const path = resolvePath(state.directory, target);
  try {
    shell.files.findDirectory(path);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return fail(shell, `cd: can't cd to ${target}: ${error.message}`);
  }
  state.set("OLDPWD", state.directory);
  state.directory = path;
  state.set("PWD", path);
  return wanted === "-" ? print(shell, `${path}\n`) : 0;
}

async function runFile(shell: Interpreter, args: string[]): Promise<number> {
  if (args[0] === undefined) return fail(shell, ".: filename argument required", 2);
  const content = shell.files.open(resolvePath(shell.state.directory, args[0]));
  try {
    return await shell.run(parseScript(content.read(0, 64 * 1024).toString("utf8")));
  } catch (error) {
    if (error instanceof ReturnRequest) return error.exitCode;
    throw error;
  }
}

async function runCommandBuiltin(shell: Interpreter, args: string[]): Promise<number> {
  if (args[0] === "-v" || args[0] === "-V") return describeCommand(shell, args.slice(1), args[0] === "-v");
  if (args.length === 0) return 0;
  const builtin = BUILTINS.get(args[0]!);
  if (builtin !== undefined) return builtin(shell, args.slice(1));
  const { container } = shell.process;
  return container.run(shell.process, args, {
    ...shell.streams,
    environment: shell.state.environment(),
    directory: shell.state.directory,
  });
}

async function describeCommand(shell: Interpreter, args: string[], short = false): Promise<number> {
  let exitCode = 0;
  for (const name of args) {
    const { state } = shell;
    const path = shell.process.container.findProgram(name, {
      directory: state.directory,
      path: state.get("PATH") ?? "",
    });
    if (state.functions.has(name)) await print(shell, short ? `${name}\n` : `${name} is a shell function\n`);
    else if (BUILTINS.has(name)) await print(shell, short ? `${name}\n` : `${name} is a shell builtin\n`);
    else if (path !== undefined) await print(shell, short ? `${path}\n` : `${name} is ${path}\n`);
    else {
      if (!short) await print(shell, `${name}: not found\n`);
      exitCode = 127;
    }
  }
  return exitCode;
}

/** With a command: runs it, then ends the shell. Without: keeps the redirections. */
async function replaceShell(shell: Interpreter, args: string[]): Promise<number> {
  if (args.length > 0) throw new ExitRequest(await runCommandBuiltin(shell, args));
  shell.keepStreams = true;
  return 0;
}

async function defineAlias(shell: Interpreter, args: string[]): Promise<number> {
  const { aliases } = shell.state;
  if (args.length === 0)
    return print(shell, [...aliases].map(([name, value]) => `${name}='${value}'\n`).join(""));
  return forEach(args, (arg) => {
    const at = arg.indexOf("=");
    if (at > 0 && aliases.size < 1000) aliases.set(arg.slice(0, at), arg.slice(at + 1));
  });
}

async function trapBuiltin(shell: Interpreter, args: string[]): Promise<number> {
  const [action = "", ...signals] = args;
  if (signals.includes("EXIT") || signals.includes("0")) shell.state.exitTrap = action === "-" ? "" : action;
  return 0;
}

async function waitBuiltin(shell: Interpreter, args: string[]): Promise<number> {
  const pids = args.length === 0 ? [...shell.background.keys()] : args.map(Number);
  let exitCode = 0;
  for (const pid of pids) {
    const running = shell.background.get(pid);
    exitCode = running === undefined ? 127 : await untilKilled(running, shell.process.signal);
    shell.background.delete(pid);
  }
  return args.length === 0 ? 0 : exitCode;
}

function untilKilled(running: Promise<number>, signal: AbortSignal): Promise<number> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason ?? new ProcessKilledError(15));
    if (signal.aborted) return abort();
    signal.addEventListener("abort", abort, { once: true });
    running.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}

async function letBuiltin(shell: Interpreter, args: string[]): Promise<number> {
  const { state } = shell;
  let value = 0n;
  for (const arg of args) {
    value = evaluateArithmetic(arg, {
      get: (name) => state.get(name) ?? "",
      set: (name, text) => state.set(name, text),
    });
  }
  return value === 0n ? 1 : 0;
}

async function printHelp(shell: Interpreter): Promise<number> {
  const text = `Built-in commands:\n------------------\n\t${[...BUILTINS.keys()].sort().join(" ")}\n`;
  return print(
    shell,
    `${text}\nThis is the shell of a sandbox container: its files and processes are in memory, and no host command is ever run.\n`,
  );
}
