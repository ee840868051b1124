import { WorkTooLongError } from "../bounded-work.ts";
import { BrokenPipeError, BytePipe, type ByteReader } from "../byte-pipe.ts";
import { FileError } from "../files/file-error.ts";
import { FixedReader } from "../files/file-streams.ts";
import { ProcessContext } from "../process-context.ts";
import { ForkError, ProcessKilledError } from "../process-table.ts";
import { ArithmeticError } from "./arithmetic.ts";
import { BUILTINS } from "./builtins.ts";
import { BreakRequest, ContinueRequest, ExitRequest, ReturnRequest } from "./control-flow.ts";
import { type ExpansionHost, expandPattern, expandText, expandWords } from "./expansion.ts";
import { patternToRegExp } from "./pattern.ts";
import { applyRedirections, RedirectionError, type ShellStreams } from "./redirections.ts";
import { ShellError, type ShellState } from "./shell-state.ts";
import { type AndOr, type Command, type Pipeline, type Script, ShellSyntaxError } from "./syntax.ts";

const MAX_DEPTH = 64;
const MAX_SUBSTITUTION_BYTES = 1024 * 1024;

/** Errors of a script, which end it with a message; any other error is a defect or a signal. */
const REPORTED_ERRORS = [ShellError, ArithmeticError, ShellSyntaxError, WorkTooLongError, ForkError];

/** Runs scripts for one shell. A subshell is an interpreter of its own with a copy of the state. */
export class Interpreter implements ExpansionHost {
  readonly state: ShellState;
  /** The shell as a process: its container, terminal and signal. Changed while a foreground job runs. */
  process: ProcessContext;
  streams: ShellStreams;
  /** Commands started with `&`, to be waited for by pid. */
  readonly background = new Map<number, Promise<number>>();

  constructor(process: ProcessContext, state: ShellState, streams?: ShellStreams) {
    this.process = process;
    this.state = state;
    this.streams = streams ?? { stdin: process.stdin, stdout: process.stdout, stderr: process.stderr };
    if (state.depth > MAX_DEPTH) throw new ShellError("maximum nesting level exceeded");
  }

  get files() {
    return this.process.container.files;
  }

  /** Runs a script; the exit status is that of its last command. */
  async run(script: Script): Promise<number> {
    for (const andOr of script) {
      if (andOr.background) await this.#runInBackground(andOr);
      else this.state.lastStatus = await this.#runAndOr(andOr);
    }
    return this.state.lastStatus;
  }

  async printError(message: string): Promise<void> {
    await this.streams.stderr.write(
      Buffer.from(`${this.state.shellName}: ${message}\n`),
      this.process.signal,
    );
  }

  async substitute(script: Script): Promise<string> {
    const pipe = new BytePipe();
    const subshell = this.subshell({ stdout: pipe });
    const collected = collect(pipe);
    try {
      this.state.lastStatus = await subshell.runAsSubshell(() => subshell.run(script));
    } finally {
      pipe.end();
    }
    return (await collected).replace(/\n+$/, "");
  }

  /** An interpreter with a copy of the state, and streams of its own where given. */
  subshell(streams: Partial<ShellStreams> = {}, process: ProcessContext = this.process): Interpreter {
    return new Interpreter(process, this.state.copy(), { ...this.streams, ...streams });
  }

  /** Runs a body whose `exit` ends only this subshell. */
  async runAsSubshell(body: () => Promise<number>): Promise<number> {
    try {
      return await body();
    } catch (error) {
      if (error instanceof ExitRequest) return error.exitCode;
      if (error instanceof BreakRequest || error instanceof ContinueRequest || error instanceof ReturnRequest)
        return 0;
      if (error instanceof BrokenPipeError) return 141;
      const exitCode = await this.reportShellError(error);
      if (exitCode === undefined) throw error;
      return exitCode;
    }
  }

  /** Says what was wrong with a script and gives the exit code; undefined where the error is none of the script's. */
  async reportShellError(error: unknown): Promise<number | undefined> {
    if (!REPORTED_ERRORS.some((type) => error instanceof type)) return undefined;
    await this.printError((error as Error).message);
    return error instanceof ShellError ? error.exitCode : 2;
  }

  async #runAndOr(andOr: AndOr): Promise<number> {
    let status = 0;
    for (const [index, { operator, pipeline }] of andOr.pipelines.entries()) {
      if ((operator === "&&" && status !== 0) || (operator === "||" && status === 0)) continue;
      status = await this.#runPipeline(pipeline);
      this.state.lastStatus = status;
      const isLast = index === andOr.pipelines.length - 1;
      if (status !== 0 && isLast && !pipeline.negated && this.state.options.has("e"))
        throw new ExitRequest(status);
    }
    return status;
  }

  async #runInBackground(andOr: AndOr): Promise<void> {
    const { container } = this.process;
    const entry = container.processes.start({
      parent: null,
      parentPid: this.process.entry.pid,
      command: [this.state.shellName],
    });
    const process = new ProcessContext({ ...this.process.inherited(), entry, signal: entry.node.signal });
    const run = async () => {
      const subshell = this.subshell({ stdin: new FixedReader(Buffer.alloc(0)) }, process);
      return subshell.runAsSubshell(() => subshell.#runAndOr({ ...andOr, background: false }));
    };
    const running = run()
      .catch((error) => (error instanceof ProcessKilledError ? error.exitCode : 1))
      .finally(() => container.processes.end(entry));
    this.background.set(entry.pid, running);
    this.state.lastBackgroundPid = String(entry.pid);
    this.state.lastStatus = 0;
  }

  async #runPipeline(pipeline: Pipeline): Promise<number> {
    const status =
      pipeline.commands.length === 1
        ? await this.runCommand(pipeline.commands[0]!)
        : await this.#runConnected(pipeline.commands);
    return pipeline.negated ? Number(status === 0) : status;
  }

  async #runConnected(commands: Command[]): Promise<number> {
    const pipes = commands.slice(1).map(() => new BytePipe());
    const stages = commands.map(async (command, index) => {
      const input = pipes[index - 1];
      const output = pipes[index];
      try {
        const subshell = this.subshell({ ...(input && { stdin: input }), ...(output && { stdout: output }) });
        return await subshell.runAsSubshell(() => subshell.runCommand(command));
      } finally {
        input?.cancel();
        output?.end();
      }
    });
    const settled = await Promise.allSettled(stages);
    const failed = settled.find((result) => result.status === "rejected");
    if (failed !== undefined) throw failed.reason;
    const statuses = settled.map((result) => (result.status === "fulfilled" ? result.value : 1));
    if (this.state.options.has("pipefail")) return statuses.findLast((status) => status !== 0) ?? 0;
    return statuses.at(-1)!;
  }

  async runCommand(command: Command): Promise<number> {
    await this.process.pause();
    if (command.kind === "simple") return this.#runSimple(command);
    const saved = this.streams;
    try {
      this.streams = await applyRedirections(this, command.redirections);
      return await this.#runCompound(command);
    } catch (error) {
      if (!(error instanceof FileError || error instanceof RedirectionError)) throw error;
      await this.printError(error.message);
      return 1;
    } finally {
      this.streams = saved;
    }
  }

  async #runCompound(command: Exclude<Command, { kind: "simple" }>): Promise<number> {
    switch (command.kind) {
      case "group": {
        if (!command.subshell) return this.run(command.body);
        const subshell = this.subshell();
        return subshell.runAsSubshell(() => subshell.run(command.body));
      }
      case "if":
        return this.#runIf(command);
      case "while":
        return this.#loop(async () => {
          const status = await this.#condition(command.condition);
          return (status === 0) !== command.until;
        }, command.body);
      case "for": {
        const words =
          command.words === null ? [...this.state.positional] : await expandWords(this, command.words);
        const remaining = words.values();
        return this.#loop(async () => {
          const next = remaining.next();
          if (next.done !== true) this.state.set(command.variable, next.value);
          return next.done !== true;
        }, command.body);
      }
      case "case":
        return this.#runCase(command);
      case "function":
        this.state.functions.set(command.name, command.body);
        return 0;
    }
  }

  async #runIf(command: Extract<Command, { kind: "if" }>): Promise<number> {
    for (const { condition, body } of command.clauses) {
      if ((await this.#condition(condition)) === 0) return this.run(body);
    }
    if (command.otherwise === null) return 0;
    return this.run(command.otherwise);
  }

  async #runCase(command: Extract<Command, { kind: "case" }>): Promise<number> {
    const text = await expandText(this, command.word);
    for (const { patterns, body } of command.items) {
      for (const pattern of patterns) {
        if (!patternToRegExp(await expandPattern(this, pattern)).test(text)) continue;
        this.state.lastStatus = 0;
        return this.run(body);
      }
    }
    return 0;
  }

  /** A condition's failure does not end the script under `set -e`. */
  async #condition(script: Script): Promise<number> {
    const exitsOnError = this.state.options.delete("e");
    try {
      return await this.run(script);
    } finally {
      if (exitsOnError) this.state.options.add("e");
    }
  }

  async #loop(goesOn: () => Promise<boolean>, body: Script): Promise<number> {
    let status = 0;
    while (await goesOn()) {
      await this.process.pause();
      try {
        status = await this.run(body);
      } catch (error) {
        if (!(error instanceof BreakRequest || error instanceof ContinueRequest)) throw error;
        if (error.levels > 1) throw error.outward();
        if (error instanceof BreakRequest) break;
      }
    }
    return status;
  }

  async #runSimple(command: Extract<Command, { kind: "simple" }>): Promise<number> {
    const saved = this.streams;
    try {
      const words = withAlias(await expandWords(this, command.words), this.state.aliases);
      const assignments = new Map<string, string>();
      const statusBefore = this.state.lastStatus;
      for (const { name, value } of command.assignments) {
        const text = await expandText(this, value);
        assignments.set(name, text);
        if (words.length === 0) this.state.set(name, text);
      }
      this.streams = await applyRedirections(this, command.redirections);
      if (words.length === 0) {
        return command.assignments.some(({ value }) => value.some((part) => part.kind === "command"))
          ? this.state.lastStatus
          : 0;
      }
      this.state.lastStatus = statusBefore;
      if (this.state.options.has("x")) await this.#trace(words);
      return await this.invoke(words, assignments);
    } catch (error) {
      if (!(error instanceof FileError || error instanceof RedirectionError)) throw error;
      await this.printError(error.message);
      return 1;
    } finally {
      if (this.streams !== saved && !this.keepStreams) this.streams = saved;
      this.keepStreams = false;
    }
  }

  /** Set by `exec` without a command: its redirections stay. */
  keepStreams = false;

  async #trace(words: string[]): Promise<void> {
    await this.streams.stderr.write(Buffer.from(`+ ${words.join(" ")}\n`), this.process.signal);
  }

  /** Runs a command by its words: function, builtin or program. */
  async invoke(words: string[], assignments = new Map<string, string>()): Promise<number> {
    const name = words[0]!;
    const body = this.state.functions.get(name);
    if (body !== undefined) return this.#callFunction(body, words.slice(1), assignments);
    const builtin = BUILTINS.get(name);
    if (builtin !== undefined) {
      for (const [variable, value] of assignments) this.state.set(variable, value);
      return builtin(this, words.slice(1));
    }
    const environment = this.state.environment();
    for (const [variable, value] of assignments) environment.set(variable, value);
    return this.process.container.run(this.process, words, {
      ...this.streams,
      environment,
      directory: this.state.directory,
    });
  }

  async #callFunction(body: Command, args: string[], assignments: Map<string, string>): Promise<number> {
    if (++this.state.depth > MAX_DEPTH) throw new ShellError("maximum nesting level exceeded");
    const positional = this.state.positional;
    this.state.positional = args;
    const locals = new Map<string, string | undefined>();
    this.state.localFrames.push(locals);
    for (const [variable, value] of assignments) this.state.set(variable, value);
    try {
      return await this.runCommand(body);
    } catch (error) {
      if (error instanceof ReturnRequest) return error.exitCode;
      throw error;
    } finally {
      this.state.depth--;
      this.state.positional = positional;
      this.state.localFrames.pop();
      for (const [name, value] of locals) {
        if (value === undefined) this.state.variables.delete(name);
        else this.state.variables.set(name, value);
      }
    }
  }
}

function withAlias(words: string[], aliases: ReadonlyMap<string, string>): string[] {
  const alias = words[0] === undefined ? undefined : aliases.get(words[0]);
  return alias === undefined
    ? words
    : [...alias.split(/\s+/).filter((word) => word !== ""), ...words.slice(1)];
}

async function collect(reader: ByteReader): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for (let chunk = await reader.read(); chunk !== null; chunk = await reader.read()) {
    bytes += chunk.length;
    // The rest is dropped, for the writer must come to its end.
    if (bytes <= MAX_SUBSTITUTION_BYTES) chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8").replaceAll("\0", "");
}
