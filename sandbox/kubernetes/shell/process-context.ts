import { setImmediate } from "node:timers/promises";
import type { ByteReader, ByteWriter } from "./byte-pipe.ts";
import type { Container } from "./container.ts";
import { resolvePath } from "./files/virtual-file-system.ts";
import type { ProcessEntry } from "./process-table.ts";
import type { Terminal } from "./terminal/terminal.ts";

/** A program of the sandbox; resolves with its exit code. */
export type Program = (process: ProcessContext) => Promise<number>;

const TURN_MS = 8;
const MAX_TEXT_BYTES = 4 * 1024 * 1024;

export interface ProcessContextInput {
  container: Container;
  entry: ProcessEntry;
  /** argv[0] without its directory. */
  name: string;
  args: string[];
  environment: Map<string, string>;
  directory: string;
  stdin: ByteReader;
  stdout: ByteWriter;
  stderr: ByteWriter;
  terminal: Terminal | null;
  signal: AbortSignal;
}

/** A running program: its arguments, streams and place, and the few calls that every program makes. */
export class ProcessContext {
  readonly container: Container;
  readonly entry: ProcessEntry;
  readonly name: string;
  readonly args: string[];
  environment: Map<string, string>;
  directory: string;
  stdin: ByteReader;
  stdout: ByteWriter;
  stderr: ByteWriter;
  readonly terminal: Terminal | null;
  readonly signal: AbortSignal;
  #turnStarted = performance.now();

  constructor(input: ProcessContextInput) {
    this.container = input.container;
    this.entry = input.entry;
    this.name = input.name;
    this.args = input.args;
    this.environment = input.environment;
    this.directory = input.directory;
    this.stdin = input.stdin;
    this.stdout = input.stdout;
    this.stderr = input.stderr;
    this.terminal = input.terminal;
    this.signal = input.signal;
  }

  /** What a child or a background job begins with. */
  inherited(): ProcessContextInput {
    const { container, entry, name, args, environment, directory, stdin, stdout, stderr, terminal, signal } =
      this;
    return { container, entry, name, args, environment, directory, stdin, stdout, stderr, terminal, signal };
  }

  /** An absolute path for one that may be relative to the working directory. */
  path(path: string): string {
    return resolvePath(this.directory, path);
  }

  async write(bytes: Buffer): Promise<void> {
    await this.pause();
    await this.stdout.write(bytes, this.signal);
  }

  print(text: string): Promise<void> {
    return this.write(Buffer.from(text));
  }

  async printError(text: string): Promise<void> {
    await this.stderr.write(Buffer.from(text), this.signal);
  }

  /** Writes `name: message` to stderr; gives the exit code to return. */
  async fail(message: string, exitCode = 1): Promise<number> {
    await this.printError(`${this.name}: ${message}\n`);
    return exitCode;
  }

  async read(from: ByteReader = this.stdin): Promise<Buffer | null> {
    await this.pause();
    return from.read(this.signal);
  }

  /** All of a stream as text; what is over 4 MiB is an error, for it would have to be held. */
  async readText(from: ByteReader = this.stdin): Promise<string> {
    const chunks: Buffer[] = [];
    let bytes = 0;
    for (let chunk = await this.read(from); chunk !== null; chunk = await this.read(from)) {
      bytes += chunk.length;
      if (bytes > MAX_TEXT_BYTES) throw new TextTooLargeError();
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString("utf8");
  }

  /** Lets everybody else run now and then, and ends here if a signal came. Called by all that may loop. */
  async pause(): Promise<void> {
    if (performance.now() - this.#turnStarted > TURN_MS) {
      await setImmediate();
      this.#turnStarted = performance.now();
    }
    this.signal.throwIfAborted();
  }
}

/** Input over the 4 MiB that a program of the sandbox holds at once. */
export class TextTooLargeError extends Error {
  constructor() {
    super("input too large for this sandbox (over 4 MiB)");
    this.name = "TextTooLargeError";
  }
}
