/** How this page stands to the gateway, by what its own requests met. */
export interface GatewayConnection {
  /** `connecting`: nothing was asked yet. `lost`: the last request found nobody there. */
  state: "connecting" | "answering" | "lost";
  /** When the gateway answered last (milliseconds since the epoch); null before the first answer. */
  lastAnswer: number | null;
}

/** While nobody answers, it is asked again after this long. */
const AGAIN_MS = 2_000;
/** Where it answers for its health and then nobody is found again, the pauses double up to this. */
const LONGEST_AGAIN_MS = 30_000;
/** A gateway that was found again and lasted this long is well. */
const WELL_AFTER_MS = 10_000;
const PROBE_DEADLINE_MS = 5_000;

/**
 * Follows whether the gateway answers. Every request notes how it went; once one found nobody, the health answer is asked for until
 * it comes, so that pages heal by themselves.
 */
export class ConnectionWatch {
  private connection: GatewayConnection = { state: "connecting", lastAnswer: null };
  private readonly listeners = new Set<() => void>();
  private readonly probe: (signal: AbortSignal) => Promise<unknown>;
  private readonly againMs: number;
  private healedAt = 0;
  private pauseMs: number;

  /** `probe` resolves when the gateway answers, whatever it says. */
  constructor(probe: (signal: AbortSignal) => Promise<unknown>, againMs = AGAIN_MS) {
    this.probe = probe;
    this.againMs = againMs;
    this.pauseMs = againMs;
  }

  current = (): GatewayConnection => this.connection;

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** A request was answered. Once lost, the health answer alone counts: of several requests some may come through and some not. */
  noteAnswer(): void {
    if (this.connection.state !== "lost") this.answer();
  }

  /** A request found nobody, or waited in vain. */
  noteSilence(): void {
    if (this.connection.state === "lost") return;
    const isWell = Date.now() - this.healedAt > WELL_AFTER_MS;
    this.pauseMs = isWell ? this.againMs : Math.min(LONGEST_AGAIN_MS, this.pauseMs * 2);
    this.connection = { ...this.connection, state: "lost" };
    this.askAgain();
    this.tell();
  }

  /** An answer is late, which is no proof that nobody is there: the health answer tells. */
  noteDoubt(): void {
    if (this.connection.state === "lost") return;
    this.probe(AbortSignal.timeout(PROBE_DEADLINE_MS)).then(
      () => this.noteAnswer(),
      () => this.noteSilence(),
    );
  }

  private answer(): void {
    const healed = this.connection.state !== "answering";
    this.connection = { state: "answering", lastAnswer: Date.now() };
    if (!healed) return;
    this.healedAt = Date.now();
    this.tell();
  }

  private askAgain(): void {
    setTimeout(() => void this.ask(), this.pauseMs);
  }

  private async ask(): Promise<void> {
    try {
      await this.probe(AbortSignal.timeout(PROBE_DEADLINE_MS));
      this.answer();
    } catch {
      // Still nobody: that is the state already.
      this.askAgain();
    }
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}

/** Answers of something between here and the gateway, which did not reach it (RFC 9110, sections 15.6.3 and 15.6.5). */
export function isAnswerOfGateway({ status }: { status: number }): boolean {
  return status !== 502 && status !== 504;
}

async function askForHealth(signal: AbortSignal): Promise<void> {
  const response = await fetch("/healthz", { signal, cache: "no-store" });
  if (!isAnswerOfGateway(response)) throw new Error(`status ${response.status}`);
}

/** The connection of this page. */
export const gatewayConnection = new ConnectionWatch(askForHealth);
