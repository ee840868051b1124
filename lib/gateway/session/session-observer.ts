import { log } from "../../log.ts";

/** Which side sent a chunk. */
export type Sender = "client" | "cluster";

/**
 * Sees the bytes of a session before they are passed on, and may hold a direction back: nothing more is read from that sender meanwhile,
 * so that the sender's own connection fills up and it waits; the other direction goes on.
 */
export interface SessionObserver {
  /** Who it is, in messages: `the recorder`. */
  readonly name: string;
  /** How many milliseconds it may hold one chunk; to hold it for longer is a failure. */
  readonly longestHoldMs: number;
  /**
   * Sees a chunk: each once, in order within its direction. Undefined: it may pass at once. A promise: not before that resolves, and until
   * then this is not called again for the same sender. A failure is told by throwing or rejecting. The chunk is not to be changed.
   */
  observe(sender: Sender, chunk: Buffer): Promise<void> | undefined;
  /**
   * It threw, rejected or held for too long; it is not called again. `end-session` ends the session with that error before anything more
   * passes; `go-on` lets it go on unobserved, with what was held.
   */
  onFailure(error: Error): "end-session" | "go-on";
}

interface Hold {
  observer: SessionObserver;
  timer: NodeJS.Timeout;
  letGo(): void;
}

/** The observers of one session, asked as one. */
export class SessionObservers {
  #observers: readonly SessionObserver[];
  readonly #holds = new Set<Hold>();
  readonly #endSession: (error: Error) => void;

  /** `endSession` is called where the failure of one ends the session. */
  constructor(observers: readonly SessionObserver[], endSession: (error: Error) => void) {
    this.#observers = observers;
    this.#endSession = endSession;
  }

  /** Undefined: nobody holds the chunk. Else a promise that resolves when nobody does any more; it never rejects. */
  observe(sender: Sender, chunk: Buffer): Promise<unknown> | undefined {
    let held: Promise<unknown> | undefined;
    for (const observer of this.#observers) {
      const hold = this.#ask(observer, sender, chunk);
      if (hold !== undefined) held = held === undefined ? hold : Promise.all([held, hold]);
    }
    return held;
  }

  /** The session is over: nobody is asked any more, and what is held stays so. */
  stop(): void {
    this.#observers = [];
    for (const { timer } of this.#holds) clearTimeout(timer);
    this.#holds.clear();
  }

  #ask(observer: SessionObserver, sender: Sender, chunk: Buffer): Promise<void> | undefined {
    // One that has failed, or the end of the session, while an earlier one was asked.
    if (!this.#observers.includes(observer)) return undefined;
    try {
      const holding = observer.observe(sender, chunk);
      return holding === undefined ? undefined : this.#hold(observer, holding);
    } catch (error) {
      this.#fail(observer, asError(error));
      return undefined;
    }
  }

  #hold(observer: SessionObserver, holding: Promise<void>): Promise<void> {
    return new Promise((resolve) => {
      const { name, longestHoldMs } = observer;
      const tooLong = () =>
        this.#fail(observer, new Error(`${name} took longer than ${longestHoldMs / 1000} s`));
      const timer = setTimeout(tooLong, longestHoldMs);
      const hold: Hold = { observer, timer, letGo: resolve };
      this.#holds.add(hold);
      holding.then(
        () => this.#letGo(hold),
        (error) => this.#fail(observer, asError(error)),
      );
    });
  }

  #letGo(hold: Hold): void {
    if (!this.#holds.delete(hold)) return;
    clearTimeout(hold.timer);
    hold.letGo();
  }

  #fail(observer: SessionObserver, error: Error): void {
    if (!this.#observers.includes(observer)) return;
    this.#observers = this.#observers.filter((other) => other !== observer);
    if (whatThen(observer, error) === "end-session") {
      this.#endSession(error);
      return;
    }
    for (const hold of this.#holds) if (hold.observer === observer) this.#letGo(hold);
  }
}

/** One that fails at that, too, cannot have the session go on. */
function whatThen(observer: SessionObserver, error: Error): ReturnType<SessionObserver["onFailure"]> {
  try {
    return observer.onFailure(error);
  } catch (defect) {
    log.error(
      { err: defect, observer: observer.name },
      "an observer failed at its failure: the session ends",
    );
    return "end-session";
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
