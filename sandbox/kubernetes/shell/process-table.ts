/** A signal's numbers, as Linux has them. */
export const SIGNALS: Readonly<Record<string, number>> = {
  HUP: 1,
  INT: 2,
  QUIT: 3,
  KILL: 9,
  USR1: 10,
  USR2: 12,
  PIPE: 13,
  ALRM: 14,
  TERM: 15,
  CHLD: 17,
  CONT: 18,
  STOP: 19,
  WINCH: 28,
};

const MAX_PROCESSES = 256;

/** Thrown inside a process that a signal ends. */
export class ProcessKilledError extends Error {
  readonly exitCode: number;

  constructor(signal: number) {
    super(`killed by signal ${signal}`);
    this.name = "ProcessKilledError";
    this.exitCode = 128 + signal;
  }
}

/** A process, or a job of several: what a signal reaches, with all below it. */
export class ProcessNode {
  readonly parent: ProcessNode | null;
  readonly #children = new Set<ProcessNode>();
  readonly #controller = new AbortController();
  /** Takes a signal in place of ending, and says whether it did; what a signal handler is. */
  handler: ((signal: number) => boolean) | null = null;

  constructor(parent: ProcessNode | null) {
    this.parent = parent;
    if (parent !== null) parent.#children.add(this);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  kill(signal: number): void {
    if (signal !== SIGNALS.KILL && this.handler?.(signal) === true) return;
    for (const child of [...this.#children]) child.kill(signal);
    this.#controller.abort(new ProcessKilledError(signal));
  }

  /** The process has ended: what runs below goes on, as orphans do. */
  detach(): void {
    if (this.parent !== null) this.parent.#children.delete(this);
  }
}

export interface ProcessEntry {
  pid: number;
  parentPid: number;
  command: string;
  started: Date;
  node: ProcessNode;
}

/** No more processes can be started. */
export class ForkError extends Error {
  constructor() {
    super("can't fork: Resource temporarily unavailable");
    this.name = "ForkError";
  }
}

/** The processes of a container, at most 256. */
export class ProcessTable {
  readonly #entries = new Map<number, ProcessEntry>();
  #nextPid = 1;

  start(input: { parent: ProcessNode | null; parentPid: number; command: string[] }): ProcessEntry {
    if (this.#entries.size >= MAX_PROCESSES) throw new ForkError();
    const entry: ProcessEntry = {
      pid: this.#nextPid++,
      parentPid: input.parentPid,
      command: input.command.join(" ").slice(0, 4096),
      started: new Date(),
      node: new ProcessNode(input.parent),
    };
    this.#entries.set(entry.pid, entry);
    return entry;
  }

  end(entry: ProcessEntry): void {
    this.#entries.delete(entry.pid);
    entry.node.detach();
  }

  find(pid: number): ProcessEntry | undefined {
    return this.#entries.get(pid);
  }

  list(): ProcessEntry[] {
    return [...this.#entries.values()];
  }

  killAll(signal: number): void {
    for (const entry of this.list()) entry.node.kill(signal);
  }
}
