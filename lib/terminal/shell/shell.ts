import { log } from "../../log.ts";
import type { CommandShell } from "../commands/command.ts";
import type { Isolation, Sandbox } from "../isolation/isolation.ts";
import { PrivateFiles } from "../isolation/private-files.ts";
import type { KubectlProgram } from "../kubectl/program.ts";
import { ClusterNames } from "./completion/cluster-names.ts";
import { completeLine } from "./completion/complete-line.ts";
import { KeyDecoder } from "./editor/decode-keys.ts";
import { History } from "./editor/history.ts";
import { type EditorEvent, LineEditor } from "./editor/line-editor.ts";
import type { ShellHost, TerminalSize } from "./host/shell-host.ts";
import { TerminalOutput } from "./host/terminal-output.ts";
import type { Foreground } from "./run/foreground.ts";
import type { LineContext } from "./run/line-context.ts";
import { runLine } from "./run/run-line.ts";

export type { ShellHost, TerminalSize } from "./host/shell-host.ts";

/** One shell in one terminal. */
export interface Shell {
  /** What the person typed or pasted. */
  input(data: Uint8Array): void;
  resize(size: TerminalSize): void;
  /** Milliseconds since something was typed, or a command wrote something while it ran. */
  idleMs(): number;
  /** Ends what runs, and removes the private directory. */
  close(): Promise<void>;
  /** Settles when the person leaves by `exit` or Ctrl-D. */
  readonly left: Promise<void>;
}

export interface ShellOptions {
  host: ShellHost;
  /** The directory of this session, from {@link Isolation.makeDirectory}. */
  directory: string;
  cluster: string;
  person: string;
  /** The namespace that commands without `-n` speak of. */
  namespace: string;
  /** Lines of earlier sessions, oldest first. */
  history: string[];
  size: TerminalSize;
  kubectl: KubectlProgram;
  isolation: Isolation;
  /** Largest size of the private directory, in bytes. */
  directoryBytes?: number;
}

const CTRL_C = 3;
const DIRECTORY_BYTES = 64 * 2 ** 20;
/** Typed while a line runs that reads nothing, or before the shell is ready. */
const MOST_TYPED_AHEAD = 64 * 1024;

/** Opens a shell: it writes its first prompt, and reads and runs lines until it is closed. */
export function createShell(options: ShellOptions): Shell {
  return new TerminalShell(options);
}

class TerminalShell implements Shell {
  readonly #options: ShellOptions;
  readonly #host: ShellHost;
  readonly #output: TerminalOutput;
  readonly #keys = new KeyDecoder();
  readonly #history: History;
  readonly #names: ClusterNames;
  readonly #editor: LineEditor;
  readonly #ready: Promise<void>;
  readonly left: Promise<void>;
  #leave!: () => void;
  #size: TerminalSize;
  #namespace: string;
  #sandbox: Sandbox | null = null;
  #files: PrivateFiles | null = null;
  #foreground: Foreground | null = null;
  #running: Promise<void> | null = null;
  #busy = true;
  #closed = false;
  #leaving = false;
  #lastActive = Date.now();
  #lastExitCode = 0;

  constructor(options: ShellOptions) {
    this.#options = options;
    this.#host = this.#watched(options.host);
    this.#size = options.size;
    this.#namespace = options.namespace;
    this.#history = new History(options.history);
    this.#names = new ClusterNames(options.host.apiSocket);
    this.#output = new TerminalOutput(this.#host);
    this.#editor = new LineEditor({
      write: (text) => options.host.write(Buffer.from(text)),
      ...{ history: this.#history, columns: options.size.columns, prompt: () => this.#prompt() },
      complete: (before) => this.#complete(before),
    });
    this.left = new Promise((resolve) => {
      this.#leave = () => {
        this.#leaving = true;
        resolve();
      };
    });
    this.#ready = this.#open();
  }

  /** The host, with each write noted as activity. */
  #watched(host: ShellHost): ShellHost {
    return {
      write: (data) => {
        this.#lastActive = Date.now();
        host.write(data);
      },
      room: () => host.room(),
      commandStarted: (line) => host.commandStarted(line),
      commandEnded: (id, outcome) => host.commandEnded(id, outcome),
      apiSocket: host.apiSocket,
      edit: (input) => host.edit(input),
      offerDownload: (name, path) => host.offerDownload(name, path),
      askUpload: () => host.askUpload(),
      saveHistory: (line) => host.saveHistory(line),
    };
  }

  async #open(): Promise<void> {
    const { isolation, directory, cluster, directoryBytes = DIRECTORY_BYTES, kubectl } = this.#options;
    try {
      this.#sandbox = await isolation.openSandbox({ directory, apiSocket: this.#host.apiSocket, cluster });
      const { files, owner } = this.#sandbox;
      this.#files = new PrivateFiles({ directory: files, owner, maxBytes: directoryBytes });
    } catch (error) {
      log.error({ err: error }, "a web shell could not open its sandbox");
      this.#output.text(`This shell cannot run anything: ${isolation.words}\r\n`);
      this.#leave();
      return;
    }
    const state = kubectl.state();
    if (!state.ready) this.#output.text(`${state.reason}\r\n`);
    this.#begin();
  }

  #begin(): void {
    if (this.#closed || this.#leaving) return;
    this.#busy = false;
    const unread = this.#foreground?.unread?.();
    if (unread) this.#keys.push(unread);
    this.#foreground = null;
    this.#editor.resize(this.#size.columns);
    this.#output.freshLine();
    this.#editor.begin();
    this.#readKeys();
  }

  #prompt(): string {
    const mark = this.#lastExitCode === 0 ? "\x1b[32m" : "\x1b[31m";
    return `\x1b[1;36m${this.#options.cluster}\x1b[0m/\x1b[33m${this.#namespace}\x1b[0m ${mark}$\x1b[0m `;
  }

  input(data: Uint8Array): void {
    if (this.#closed) return;
    this.#lastActive = Date.now();
    if (this.#foreground) this.#foreground.input(data);
    else if (!this.#busy || this.#keys.length + data.length <= MOST_TYPED_AHEAD) {
      this.#keys.push(data);
      this.#readKeys();
    }
  }

  resize(size: TerminalSize): void {
    this.#size = size;
    this.#foreground?.resize(size);
    if (!this.#busy) this.#editor.resize(size.columns);
  }

  idleMs(): number {
    return Date.now() - this.#lastActive;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#foreground?.kill();
    await this.#ready;
    await this.#running;
    await this.#sandbox?.close();
    this.#leave();
  }

  #readKeys(): void {
    while (!this.#busy && !this.#closed) {
      const key = this.#keys.next();
      if (!key) return;
      const event = this.#editor.key(key);
      if (event instanceof Promise) void this.#await(event);
      else this.#handle(event);
    }
  }

  async #await(event: Promise<EditorEvent>): Promise<void> {
    try {
      this.#handle(await event);
    } catch (error) {
      log.error({ err: error }, "completion in a web shell failed");
    }
  }

  #handle(event: EditorEvent): void {
    if (event === null) return;
    if (event.kind === "interrupt") {
      this.#lastExitCode = 130;
      this.#editor.begin();
      return;
    }
    this.#busy = true;
    if (event.kind === "end") {
      this.#leave();
      return;
    }
    this.#running = this.#run(event.text).finally(() => {
      this.#running = null;
      this.#begin();
    });
  }

  /** Runs a line that is on the record; never throws. */
  async #run(line: string): Promise<void> {
    if (line.trim() === "") return;
    if (this.#history.add(line)) this.#host.saveHistory(line);
    const startedAt = performance.now();
    try {
      const { id } = await this.#host.commandStarted(line);
      this.#lastExitCode = await runLine(line, this.#context());
      this.#names.forgetNames();
      const durationMs = Math.round(performance.now() - startedAt);
      await this.#host.commandEnded(id, { exitCode: this.#lastExitCode, durationMs });
    } catch (error) {
      this.#lastExitCode = 1;
      log.error({ err: error }, "a line of the web shell could not be put on the record");
      this.#output.text("this line did not run, or its end is unknown: it cannot be put on the record\r\n");
    }
  }

  #context(): LineContext {
    return {
      ...{
        host: this.#host,
        output: this.#output,
        kubectl: this.#options.kubectl,
        shell: this.#commandShell(),
      },
      ...{ sandbox: this.#sandbox!, files: this.#files! },
      size: () => this.#size,
      setForeground: (foreground) => this.#setForeground(foreground),
    };
  }

  #setForeground(foreground: Foreground): void {
    this.#foreground = foreground;
    const rest = this.#keys.takeRest();
    // A Ctrl-C that came before there was anything to take it.
    if (this.#closed || rest.includes(CTRL_C)) foreground.kill();
    else if (rest.length > 0) foreground.input(rest);
  }

  #commandShell(): CommandShell {
    const shell = this;
    return {
      ...{ cluster: this.#options.cluster, person: this.#options.person },
      ...{ history: this.#history.lines, leave: this.#leave },
      get namespace() {
        return shell.#namespace;
      },
      set namespace(name: string) {
        shell.#namespace = name;
      },
      namespaces: () => this.#names.namespaces(),
      upload: () => this.#host.askUpload(),
      download: (name, path) => this.#host.offerDownload(name, path),
    };
  }

  async #complete(before: string) {
    return completeLine(before, {
      names: this.#names,
      files: this.#files!,
      namespace: () => this.#namespace,
    });
  }
}
