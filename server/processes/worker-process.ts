import { type ChildProcess, fork } from "node:child_process";
import path from "node:path";
import type { AuditStatus } from "../../lib/audit/pipeline/status.ts";
import { childEnvironment } from "../../lib/config/child-environment.ts";
import { ConfigError } from "../../lib/config.ts";
import { log } from "../../lib/log.ts";
import type { ListeningHandle } from "./listening-handle.ts";
import type { FromWorker, ListenFor, Metrics, StartMessage, ToWorker } from "./messages.ts";
import { RestartDelay } from "./restart-delay.ts";

const PROGRAM = path.join(import.meta.dirname, "worker.ts");
/** A process that says nothing for so long is said to be silent: it tells of itself every second. */
const SILENT_MS = 10_000;
const MEASURE_MS = 2_000;
/** A process drains within 22 s by itself; one that is left does not answer, and must not keep the port. */
const KILL_MS = 24_000;

export interface WorkerOptions {
  name: string;
  /** For the program as Node has compiled it: with that it starts in half the time, and takes a quarter less memory. */
  compileCache: string;
  /** What it is to be started with now. */
  startMessage(): Omit<StartMessage, "kind" | "name">;
  handles: readonly { for: ListenFor; handle: ListeningHandle }[];
  /** It ended by itself; what it left is to be taken over. */
  onEnd(): void;
}

/** How a gateway process does, as far as the main process knows. */
export interface WorkerReport {
  name: string;
  pid: number | null;
  /** `silent`: it lives, and says nothing. */
  state: "starting" | "serving" | "silent" | "ended";
  /** As it last said; null before it did. */
  status: AuditStatus | null;
  /** Milliseconds since it last said anything; null before it did. */
  silentMs: number | null;
  /** How often it ended since the main process started. */
  ends: number;
  /** Where it ended too often of late. */
  loop: { ends: number; minutes: number } | null;
}

/** One gateway process: started, started again when it ends, asked, drained. */
export class WorkerProcess {
  readonly #options: WorkerOptions;
  readonly #delay = new RestartDelay();
  readonly #questions = new Map<number, (metrics: Metrics | null) => void>();
  #child: ChildProcess | null = null;
  #state: "starting" | "serving" | "ended" = "ended";
  #status: AuditStatus | null = null;
  #heardAt: number | null = null;
  #ends = 0;
  #asked = 0;
  #problems: string[] = [];
  #listening = 0;
  #hasServed = false;
  #serving = Promise.withResolvers<void>();
  #stopping = false;
  #restart: NodeJS.Timeout | null = null;
  #callsEnded = Promise.withResolvers<void>();
  #ended = Promise.withResolvers<void>();

  constructor(options: WorkerOptions) {
    this.#options = options;
  }

  /** Resolves when it serves. @throws ConfigError with what it said where it ends before; it is not started again then. */
  async start(): Promise<void> {
    this.#spawn();
    await this.#serving.promise;
  }

  report(now = Date.now()): WorkerReport {
    const silentMs = this.#heardAt === null ? null : now - this.#heardAt;
    const isSilent = this.#state === "serving" && silentMs !== null && silentMs > SILENT_MS;
    return {
      name: this.#options.name,
      pid: this.#child?.pid ?? null,
      state: isSilent ? "silent" : this.#state,
      status: this.#status,
      silentMs,
      ends: this.#ends,
      loop: this.#delay.loopAt(now),
    };
  }

  send(message: ToWorker, handle?: ListeningHandle): void {
    if (!this.#child?.connected) return;
    // It may end at any moment, which its "exit" tells.
    this.#child.send(message, handle as never, {}, () => undefined);
  }

  /** Its metrics; null where it does not answer within two seconds. */
  measure(): Promise<Metrics | null> {
    if (this.report().state !== "serving") return Promise.resolve(null);
    const question = ++this.#asked;
    return new Promise((resolve) => {
      const answer = (metrics: Metrics | null) => {
        clearTimeout(timer);
        this.#questions.delete(question);
        resolve(metrics);
      };
      const timer = setTimeout(() => answer(null), MEASURE_MS);
      this.#questions.set(question, answer);
      this.send({ kind: "measure", question });
    });
  }

  /** Has it drain; resolves when none of its calls is under way any more. `ended` resolves when its journal is written, too. */
  async drain(): Promise<void> {
    this.#stopping = true;
    if (this.#restart) clearTimeout(this.#restart);
    const child = this.#child;
    if (child === null) this.#ended.resolve();
    this.send({ kind: "drain" });
    const timer = setTimeout(() => child?.kill("SIGKILL"), KILL_MS);
    timer.unref();
    void this.#ended.promise.then(() => clearTimeout(timer));
    await Promise.race([this.#callsEnded.promise, this.#ended.promise]);
  }

  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  #spawn(): void {
    const { name, compileCache } = this.#options;
    this.#state = "starting";
    this.#listening = 0;
    this.#problems = [];
    this.#heardAt = null;
    // One that was stopped alone has said it before.
    this.#callsEnded = Promise.withResolvers();
    let child: ChildProcess;
    try {
      child = fork(PROGRAM, [], {
        // Settings go by the channel: the environment can be read by others.
        env: childEnvironment({ NODE_COMPILE_CACHE: compileCache }),
        serialization: "advanced",
        stdio: ["ignore", "inherit", "inherit", "ipc"],
      });
    } catch (error) {
      this.#notStarted(error as Error);
      return;
    }
    this.#child = child;
    child.on("message", (message: FromWorker) => this.#receive(message));
    child.on("error", (error) => {
      if (child.pid === undefined) this.#notStarted(error);
      else log.error({ err: error, worker: name }, "a gateway process failed");
    });
    child.once("exit", (code, signal) => this.#exited(code, signal));
    this.send({ kind: "start", name, ...this.#options.startMessage() });
  }

  #receive(message: FromWorker): void {
    this.#heardAt = Date.now();
    if (message.kind === "status") this.#status = message.status;
    else if (message.kind === "measured") this.#questions.get(message.question)?.(message.metrics);
    else if (message.kind === "ready") this.#giveHandles();
    else if (message.kind === "listening") this.#noteListening();
    else if (message.kind === "failed") this.#problems = message.problems;
    else if (message.kind === "callsEnded") this.#callsEnded.resolve();
  }

  #giveHandles(): void {
    for (const { for: purpose, handle } of this.#options.handles)
      this.send({ kind: "listen", for: purpose }, handle);
  }

  #noteListening(): void {
    this.#listening += 1;
    if (this.#listening < this.#options.handles.length) return;
    this.#state = "serving";
    this.#hasServed = true;
    this.#serving.resolve();
    log.info({ worker: this.#options.name, pid: this.#child?.pid }, "a gateway process serves");
  }

  /** The machine has no memory, process or file left for it. There was none, and Node tells of no exit. */
  #notStarted(error: Error): void {
    this.#problems = [`${this.#options.name} could not be started: ${error.message}`];
    this.#exited(null, null);
  }

  #exited(code: number | null, signal: NodeJS.Signals | null): void {
    const { name, onEnd } = this.#options;
    this.#child = null;
    this.#state = "ended";
    this.#status = null;
    for (const answer of this.#questions.values()) answer(null);
    if (this.#stopping) this.#ended.resolve();
    else if (this.#hasServed) {
      log.error({ worker: name, code, signal, problems: this.#problems }, "a gateway process ended");
      this.#ends += 1;
      this.#restart = setTimeout(() => this.#spawn(), this.#delay.noteEnd(Date.now()));
      onEnd();
    } else {
      const unsaid = [`${name} ended with ${signal ?? code} before it served`];
      this.#serving.reject(new ConfigError(this.#problems.length > 0 ? this.#problems : unsaid));
    }
  }
}
