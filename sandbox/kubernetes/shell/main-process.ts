import { BytePipe, type ByteReader, type ByteWriter } from "./byte-pipe.ts";
import type { ContainerHost } from "./container-host.ts";
import { FixedReader } from "./files/file-streams.ts";
import type { LogBuffer } from "./log-buffer.ts";
import type { PodProcess } from "./pod-process.ts";
import type { Program } from "./process-context.ts";
import { SIGNALS } from "./process-table.ts";
import { Terminal } from "./terminal/terminal.ts";

export interface MainProcessOptions {
  command: string[];
  stdin: boolean;
  stdinOnce: boolean;
  tty: boolean;
}

const MAX_EARLY_BYTES = 64 * 1024;

/** The container's first process: its output goes to the log and to everybody attached. */
export class MainProcess {
  readonly exit: Promise<number>;
  readonly #options: MainProcessOptions;
  readonly #stdin = new BytePipe();
  readonly #terminal: Terminal | null;
  readonly #attachedOutput = new Set<BytePipe>();
  readonly #attachedErrors = new Set<BytePipe>();
  /** What was written before the session came for whose sake the container runs; null once it came. */
  #early: { to: "stdout" | "stderr"; bytes: Buffer }[] | null;
  #earlyBytes = 0;

  constructor(host: ContainerHost, log: LogBuffer, options: MainProcessOptions) {
    this.#options = options;
    this.#early = options.stdinOnce ? [] : null;
    const stdout = this.#broadcast(log, "stdout", this.#attachedOutput);
    this.#terminal = options.tty ? new Terminal(stdout) : null;
    const stderr = options.tty ? stdout : this.#broadcast(log, "stderr", this.#attachedErrors);
    this.exit = this.#run(host, stdout, stderr);
  }

  /**
   * A session on this process: what it writes from now on, and its stdin where the container keeps one open. The first
   * session of a container made for one (`stdinOnce`, as `kubectl run -i` makes it) also gets what came before it.
   */
  attach(input: { stdin: boolean }): PodProcess {
    const session = { stdin: new BytePipe(), stdout: new BytePipe(), stderr: new BytePipe() };
    this.#attachedOutput.add(session.stdout);
    if (!this.#options.tty) this.#attachedErrors.add(session.stderr);
    else session.stderr.end();
    for (const { to, bytes } of this.#early ?? []) void session[to].write(bytes).catch(() => undefined);
    this.#early = null;
    const leave = () => {
      this.#attachedOutput.delete(session.stdout);
      this.#attachedErrors.delete(session.stderr);
    };
    const takesInput = input.stdin && this.#options.stdin;
    if (takesInput) void this.#forwardInput(session.stdin);
    else session.stdin.cancel();
    const exit = this.exit.then(() => {
      leave();
      session.stdout.end();
      session.stderr.end();
      session.stdin.cancel();
      // An attach says how the session went, not how the process ended: that is in the pod's status.
      return 0;
    });
    return {
      ...session,
      exit,
      resize: (size) => this.#terminal?.resize(size),
      hangUp: () => {
        leave();
        session.stdout.cancel();
        session.stderr.cancel();
        session.stdin.end();
      },
    };
  }

  async #forwardInput(from: BytePipe): Promise<void> {
    for (let chunk = await from.read(); chunk !== null; chunk = await from.read()) {
      if (this.#terminal !== null) this.#terminal.input(chunk);
      else await this.#stdin.write(chunk).catch(() => undefined);
    }
    if (!this.#options.stdinOnce) return;
    this.#terminal?.end();
    this.#stdin.end();
  }

  #broadcast(log: LogBuffer, to: "stdout" | "stderr", attached: Set<BytePipe>): ByteWriter {
    return {
      write: async (bytes, signal) => {
        log.append(bytes.toString("utf8"));
        if (this.#early !== null && this.#earlyBytes + bytes.length <= MAX_EARLY_BYTES) {
          this.#early.push({ to, bytes });
          this.#earlyBytes += bytes.length;
        }
        await Promise.all(
          [...attached].map((pipe) => pipe.write(bytes, signal).catch(() => signal?.throwIfAborted())),
        );
      },
    };
  }

  async #run(host: ContainerHost, stdout: ByteWriter, stderr: ByteWriter): Promise<number> {
    const { command } = this.#options;
    const entry = host.processes.start({ parent: null, parentPid: 0, command });
    const found = host.lookUp(command, { directory: "/", path: host.environment.get("PATH") ?? "" });
    // A program that only the real image has stands for a server that runs on.
    const program =
      typeof found === "string"
        ? { program: serveUntilStopped, name: command[0] ?? "main", args: command.slice(1) }
        : found;
    const terminal = this.#terminal;
    const input: ByteReader =
      terminal?.reader ?? (this.#options.stdin ? this.#stdin : new FixedReader(Buffer.alloc(0)));
    const inShell = typeof found !== "string";
    // The first process of a container ignores the signals that it does not handle; sh handles none.
    if (inShell) entry.node.handler = (signal) => signal !== SIGNALS.KILL && signal !== SIGNALS.HUP;
    if (terminal !== null && inShell) terminal.onSignal = () => undefined;
    return host.execute(program, {
      container: host,
      entry,
      environment: new Map([
        ...host.environment,
        ...(this.#options.tty ? ([["TERM", "xterm"]] as const) : []),
      ]),
      directory: "/",
      stdin: input,
      stdout: terminal?.writer ?? stdout,
      stderr: terminal?.writer ?? stderr,
      terminal,
      signal: entry.node.signal,
    });
  }
}

/** A server of which only its being there is simulated: it ends, with success, when it is told to. */
const serveUntilStopped: Program = (process) => {
  const stopped = Promise.withResolvers<number>();
  process.entry.node.handler = (signal) => {
    if (signal === SIGNALS.TERM || signal === SIGNALS.INT || signal === SIGNALS.QUIT) stopped.resolve(0);
    return true;
  };
  process.signal.addEventListener("abort", () => stopped.reject(process.signal.reason), { once: true });
  return stopped.promise;
};
