import { WorkTooLongError } from "./bounded-work.ts";
import { BrokenPipeError } from "./byte-pipe.ts";
import type { Container, ContainerIdentity, ProcessChanges } from "./container.ts";
import { FileError } from "./files/file-error.ts";
import { seedFiles } from "./files/seed-files.ts";
import { resolvePath, VirtualFileSystem } from "./files/virtual-file-system.ts";
import { runShell } from "./language/shell-program.ts";
import {
  ProcessContext,
  type ProcessContextInput,
  type Program,
  TextTooLargeError,
} from "./process-context.ts";
import { ForkError, ProcessKilledError, ProcessTable } from "./process-table.ts";
import { APPLETS, STANDALONE_PROGRAMS } from "./programs/program-table.ts";
import { PatternError } from "./programs/regular-expressions.ts";

const DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
const BROKEN_PIPE_EXIT = 141;

/** Errors whose message a program shows as its own. */
const SHOWN_ERRORS = [FileError, TextTooLargeError, WorkTooLongError, PatternError, ForkError];

/** A program file, and what to run for it. */
interface FoundProgram {
  program: Program;
  name: string;
  args: string[];
}

/** Why a file cannot be run: `missing` 127, `denied` 126. */
export type ProgramLookup = FoundProgram | "missing" | "denied";

/** A container's files and processes, and the way programs are found and run in it. */
export class ContainerHost implements Container {
  readonly identity: ContainerIdentity;
  readonly files = new VirtualFileSystem();
  readonly processes = new ProcessTable();
  readonly startedAt = new Date();
  readonly environment: ReadonlyMap<string, string>;

  constructor(identity: ContainerIdentity, environment: Record<string, string>) {
    this.identity = identity;
    this.environment = new Map([
      ["PATH", DEFAULT_PATH],
      ["HOSTNAME", identity.pod],
      ["KUBERNETES_SERVICE_HOST", "10.96.0.1"],
      ["KUBERNETES_SERVICE_PORT", "443"],
      ["HOME", "/root"],
      ...Object.entries(environment),
    ]);
    seedFiles(this);
  }

  findProgram(name: string, input: { directory: string; path: string }): string | undefined {
    const candidates = name.includes("/")
      ? [resolvePath(input.directory, name)]
      : input.path.split(":").map((directory) => resolvePath(input.directory, `${directory}/${name}`));
    return candidates.find((path) => this.#isProgram(path));
  }

  /** What to run for a command's words. */
  lookUp(command: string[], input: { directory: string; path: string }): ProgramLookup {
    const [name = "", ...args] = command;
    const path = this.findProgram(name, input);
    if (path === undefined) {
      const exists =
        name.includes("/") && this.files.tryFind(resolvePath(input.directory, name)) !== undefined;
      return exists ? "denied" : "missing";
    }
    const node = this.files.find(path);
    if (node.kind !== "file") return "denied";
    if (node.program === undefined) return { program: runShell, name: "sh", args: [path, ...args] };
    const shortName = name.split("/").at(-1)!;
    if (node.program !== "busybox") {
      return { program: STANDALONE_PROGRAMS.get(node.program)!, name: node.program, args };
    }
    if (shortName === "busybox") {
      const applet = APPLETS.get(args[0] ?? "");
      return applet === undefined ? "missing" : { program: applet, name: args[0]!, args: args.slice(1) };
    }
    const program = APPLETS.get(shortName);
    return program === undefined ? "missing" : { program, name: shortName, args };
  }

  async run(
    parent: ProcessContext,
    command: string[],
    changes: Partial<ProcessChanges> = {},
  ): Promise<number> {
    const environment = changes.environment ?? parent.environment;
    const directory = changes.directory ?? parent.directory;
    const stderr = changes.stderr ?? parent.stderr;
    const found = this.lookUp(command, { directory, path: environment.get("PATH") ?? "" });
    if (typeof found === "string") {
      const message = found === "missing" ? "not found" : "Permission denied";
      await stderr.write(Buffer.from(`${parent.name}: ${command[0]}: ${message}\n`), parent.signal);
      return found === "missing" ? 127 : 126;
    }
    const entry = this.processes.start({ parent: parent.entry.node, parentPid: parent.entry.pid, command });
    return this.execute(found, {
      ...parent.inherited(),
      ...changes,
      container: this,
      entry,
      environment: new Map(environment),
      directory,
      stderr,
      signal: entry.node.signal,
    });
  }

  /** Runs a program as the process that `input.entry` is, to its end. Signals and errors become exit codes. */
  async execute(found: FoundProgram, input: Omit<ProcessContextInput, "name" | "args">): Promise<number> {
    const process = new ProcessContext({ ...input, name: found.name, args: found.args });
    try {
      const exitCode = await found.program(process);
      // A signal may come while the last thing that the program did was still under way.
      input.signal.throwIfAborted();
      return exitCode;
    } catch (error) {
      return await exitCodeOf(error, process);
    } finally {
      this.processes.end(input.entry);
    }
  }

  #isProgram(path: string): boolean {
    const node = this.files.tryFind(path);
    if (node?.kind !== "file" || (node.mode & 0o111) === 0) return false;
    return node.program !== undefined || node.content.read(0, 2).toString("latin1") === "#!";
  }
}

async function exitCodeOf(error: unknown, process: ProcessContext): Promise<number> {
  if (error instanceof ProcessKilledError) return error.exitCode;
  if (error instanceof BrokenPipeError) return BROKEN_PIPE_EXIT;
  const isShown = SHOWN_ERRORS.some((type) => error instanceof type);
  // Anything else is a defect of the sandbox: its text goes to whoever ran the program, for there is no host to protect.
  const message = isShown ? (error as Error).message : `defect of the sandbox: ${String(error)}`;
  await process.fail(message).catch(() => undefined);
  return isShown ? 1 : 70;
}
