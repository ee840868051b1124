import { systemContext } from "../../context.ts";
import { log } from "../../log.ts";
import { recordEventAlone } from "../events/record.ts";

const SUMMARY_EVERY_MS = 60_000;

interface Period {
  from: Date;
  to: Date;
  refused: number;
  lost: number;
  reason: string;
}

/**
 * Counts what has no entry of its own while the journal takes none: calls that were refused for that reason, and outcomes that
 * even the memory had no room for. Event History gets one event a minute that says how many they were, straight into PostgreSQL, which may well be
 * there while the disk is not. Bounded: a few numbers.
 */
export class UnrecordedCalls {
  /** Since the start. */
  refused = 0;
  lost = 0;
  #period: Period | null = null;
  /** PostgreSQL did not take the last summary: the next try is the timer's. */
  #failed = false;
  readonly #timer: NodeJS.Timeout;

  constructor() {
    this.#timer = setInterval(() => this.#summarize(), SUMMARY_EVERY_MS);
    this.#timer.unref();
  }

  /** The journal takes entries again: what was counted is told at once. */
  endPeriod(): void {
    if (this.#period && !this.#failed) void this.#summarize();
  }

  /** `refused`: the call was answered with 503. `lost`: it went to its cluster, and its outcome is nowhere. */
  count(what: "refused" | "lost", reason: string): void {
    this[what] += 1;
    const now = new Date();
    this.#period ??= { from: now, to: now, refused: 0, lost: 0, reason };
    this.#period[what] += 1;
    this.#period.to = now;
    this.#period.reason = reason;
  }

  /** Writes the event of what was counted since the last one; keeps counting where PostgreSQL is away. */
  async #summarize(): Promise<void> {
    const period = this.#period;
    if (!period) return;
    this.#period = null;
    const { from, to, refused, lost, reason } = period;
    log.error({ from, to, refused, lost, reason }, "audit pipeline: calls have no entry of their own");
    try {
      await recordEventAlone(systemContext("Kubewitness"), {
        action: "Create",
        entityType: "RequestAudit",
        entityName: "Calls without an entry of their own",
        status: "Failed",
        error: describe(period),
        after: { refused, lost, from: from.toISOString(), to: to.toISOString() },
      });
      this.#failed = false;
    } catch (error) {
      this.#failed = true;
      log.warn({ err: error }, "audit pipeline: calls without an entry are told to Event History later");
      this.#addBack(period);
    }
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#summarize();
  }

  #addBack({ from, refused, lost, ...rest }: Period): void {
    const since = this.#period;
    this.#period = since
      ? { ...since, from, refused: since.refused + refused, lost: since.lost + lost }
      : { from, refused, lost, ...rest };
  }
}

function describe({ refused, lost, reason }: Period): string {
  const parts = [];
  if (refused > 0) parts.push(`${refused} calls were refused with 503 and have no entry`);
  if (lost > 0) parts.push(`${lost} calls went to their cluster, and their outcome could not be kept`);
  return `${parts.join("; ")}: ${reason}`;
}
