import { createHash, randomBytes } from "node:crypto";
import { BytePipe } from "./byte-pipe.ts";
import { ContainerHost } from "./container-host.ts";
import { FixedReader } from "./files/file-streams.ts";
import { LogBuffer, type LogLine, type ReadLogOptions } from "./log-buffer.ts";
import { MainProcess } from "./main-process.ts";
import { ExecStartError, type PodProcess } from "./pod-process.ts";
import { ForkError, SIGNALS } from "./process-table.ts";
import { Terminal } from "./terminal/terminal.ts";

export type { LogLine, ReadLogOptions } from "./log-buffer.ts";
export type { PodProcess } from "./pod-process.ts";

export interface PodRuntimeOptions {
  namespace: string;
  pod: string;
  container: string;
  image: string;
  environment: Record<string, string>;
  /** The pod's address; made up from the names where it is not given. */
  ip?: string;
  node?: string;
  /**
   * The container's command and arguments, as in the pod spec. Run by the sandbox's shell where it has the program;
   * any other program stands for a server that runs on. Without it the image decides: `sh` for shell images (busybox,
   * alpine, debian, ubuntu, ...), else a server.
   */
  command?: string[];
  /** `stdin`, `stdinOnce` and `tty` of the container spec: what `kubectl run -it` sets. */
  stdin?: boolean;
  stdinOnce?: boolean;
  tty?: boolean;
  /** The main process has ended by itself; not called after `stop`. */
  onExit?(code: number): void;
}

const SHELL_IMAGE = /(^|\/)(busybox|alpine|debian|ubuntu|bash|centos|fedora|rockylinux|netshoot|curl)(:|@|$)/;

/**
 * A container of the sandbox: files, processes and a log, all in memory. Nothing of the host is ever run or read.
 *
 * Bounds: 50,000 files with 64 MiB of content (a file beyond 16 MiB keeps its size and SHA-256 only, so that a copy of
 * any size costs no memory), 256 processes, 20,000 lines and 8 MiB of log. `/data/large.bin` is 1 GiB of generated
 * bytes, the same at every read.
 */
export class PodRuntime {
  readonly options: PodRuntimeOptions;
  readonly #log = new LogBuffer();
  readonly #host: ContainerHost;
  readonly #main: MainProcess;
  #stopped = false;

  constructor(options: PodRuntimeOptions) {
    this.options = options;
    const { namespace, pod, container, image } = options;
    const ip = options.ip ?? madeUpAddress(`${namespace}/${pod}`);
    this.#host = new ContainerHost(
      { namespace, pod, container, image, ip, node: options.node ?? "node-1" },
      options.environment,
    );
    this.#main = new MainProcess(this.#host, this.#log, {
      command: mainCommand(options),
      stdin: options.stdin ?? false,
      stdinOnce: options.stdinOnce ?? false,
      tty: options.tty ?? false,
    });
    void this.#main.exit.then((code) => this.#mainExited(code));
  }

  /** Appends to the container's log, as its main process would; `time` is for lines of the past. */
  writeLog(text: string, time?: Date): void {
    this.#log.append(text, time);
  }

  /** The container's log, as `kubectl logs` reads it. */
  readLog(options: ReadLogOptions = {}): AsyncIterable<LogLine> {
    return this.#log.read(options);
  }

  /** Starts a command beside the main process. Throws an ExecStartError where there is no such program. */
  exec(input: { command: string[]; tty: boolean; stdin: boolean }): PodProcess {
    const path = this.#host.environment.get("PATH") ?? "";
    const found = this.#host.lookUp(input.command, { directory: "/", path });
    if (typeof found === "string") throw startError(input.command[0] ?? "", found);
    const entry = this.#startEntry(input.command);
    const session = { stdin: new BytePipe(), stdout: new BytePipe(), stderr: new BytePipe() };
    const terminal = input.tty ? new Terminal(session.stdout) : null;
    if (terminal !== null) {
      terminal.onSignal = (signal) => entry.node.kill(signal);
      void forwardKeys(session.stdin, terminal);
    }
    const running = this.#host.execute(found, {
      container: this.#host,
      entry,
      environment: new Map([...this.#host.environment, ...(input.tty ? ([["TERM", "xterm"]] as const) : [])]),
      directory: "/",
      stdin: terminal?.reader ?? (input.stdin ? session.stdin : new FixedReader(Buffer.alloc(0))),
      stdout: terminal?.writer ?? session.stdout,
      stderr: terminal?.writer ?? session.stderr,
      terminal,
      signal: entry.node.signal,
    });
    const exit = running.finally(() => {
      session.stdout.end();
      session.stderr.end();
      session.stdin.cancel();
    });
    return {
      ...session,
      exit,
      resize: (size) => terminal?.resize(size),
      hangUp: () => {
        entry.node.kill(SIGNALS.HUP!);
        session.stdout.cancel();
        session.stderr.cancel();
        session.stdin.end();
      },
    };
  }

  /** Connects to the main process: what it writes from now on, and its stdin where the container has one. */
  attach(input: { stdin: boolean }): PodProcess {
    return this.#main.attach(input);
  }

  /** The main process's exit code, once it has ended. */
  get exit(): Promise<number> {
    return this.#main.exit;
  }

  /** Ends the container and everything in it, as deleting its pod does. */
  stop(): void {
    this.#stopped = true;
    this.#host.processes.killAll(SIGNALS.KILL!);
    this.#log.close();
  }

  #startEntry(command: string[]) {
    try {
      return this.#host.processes.start({ parent: null, parentPid: 0, command });
    } catch (error) {
      if (!(error instanceof ForkError)) throw error;
      throw new ExecStartError(`${EXEC_FAILED}: unable to start container process: ${error.message}`);
    }
  }

  #mainExited(code: number): void {
    this.#host.processes.killAll(SIGNALS.KILL!);
    this.#log.close();
    if (!this.#stopped) this.options.onExit?.(code);
  }
}

const EXEC_FAILED =
  "error executing command in container: failed to exec in container: OCI runtime exec failed: exec failed";

/** containerd's and runc's words, around a random exec id. */
function startError(name: string, reason: "missing" | "denied"): ExecStartError {
  const id = createHash("sha256").update(randomBytes(16)).digest("hex");
  const why =
    reason === "denied"
      ? "permission denied"
      : name.includes("/")
        ? `stat ${name}: no such file or directory`
        : "executable file not found in $PATH";
  return new ExecStartError(
    `error executing command in container: failed to exec in container: failed to start exec "${id}": ` +
      `OCI runtime exec failed: exec failed: unable to start container process: exec: "${name}": ${why}: unknown`,
  );
}

async function forwardKeys(from: BytePipe, terminal: Terminal): Promise<void> {
  for (let chunk = await from.read(); chunk !== null; chunk = await from.read()) terminal.input(chunk);
  terminal.end();
}

function mainCommand(options: PodRuntimeOptions): string[] {
  if (options.command !== undefined && options.command.length > 0) return options.command;
  if (SHELL_IMAGE.test(options.image)) return ["sh"];
  return [`/usr/local/bin/${options.container}`];
}

function madeUpAddress(name: string): string {
  const digest = createHash("sha256").update(name).digest();
  return `10.244.${digest[0]}.${2 + (digest[1]! % 250)}`;
}
