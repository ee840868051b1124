import type pg from "pg";
import type { AuditScope } from "../query/scope.ts";
import { type LedgerStream, SURFACE_OF } from "../store/ledger.ts";
import { type Deliver, RecordFollower } from "./record-follower.ts";
import { healthOf, type Sink, type SinkHealth, type SinkStatus } from "./sink.ts";

/** What a sink that reads the record is: all else is the same for each. */
export interface SinkDefinition {
  /** Of its cursor and its metrics: lower case, for good. */
  name: string;
  /** As a sentence has it, with its article. */
  title: string;
  takes: readonly LedgerStream[];
  /** Columns of the streams' tables that it needs besides number and time. */
  columns: readonly string[];
  /** Resolves when the page is there for good; rejects where it has to come again. Comes at least once, in order of No a stream. */
  deliver: Deliver;
  /** What it has found wrong, a sentence for anybody; null where nothing. */
  finding(): string | null;
}

/** A sink that reads the record: a follower for each stream, none of which waits for another. */
export class FollowingSink implements Sink {
  readonly #definition: SinkDefinition;
  readonly #followers: readonly RecordFollower[];

  constructor(definition: SinkDefinition, { pool, scope }: { pool: pg.Pool; scope: AuditScope }) {
    this.#definition = definition;
    const { name: sink, columns } = definition;
    this.#followers = definition.takes.map(
      (stream) =>
        new RecordFollower({
          pool,
          scope,
          sink,
          stream,
          columns,
          deliver: (page, advance) => definition.deliver(page, advance),
        }),
    );
  }

  status(): SinkStatus {
    const { name, title } = this.#definition;
    const lags = this.#followers.map(({ lag }) => lag);
    const records = lags.reduce((sum, lag) => sum + lag.records, 0);
    const seconds = Math.max(...lags.map((lag) => lag.seconds));
    const failing = this.#followers.some((follower) => follower.failing);
    const finding = this.#definition.finding();
    const health = healthOf({ failing: failing || finding !== null, lagSeconds: seconds });
    return {
      name,
      title,
      cursors: this.#followers.map(({ stream, lag }) => ({
        surface: SURFACE_OF[stream],
        lastNo: lag.lastNo,
      })),
      health,
      reason: health === "well" ? null : (finding ?? describeHeld(title, { health, records, seconds })),
      lag: { records, seconds },
    };
  }

  async stop(): Promise<void> {
    await Promise.all(this.#followers.map((follower) => follower.stop()));
  }
}

function describeHeld(
  title: string,
  { health, records, seconds }: { health: SinkHealth; records: number; seconds: number },
): string {
  const state = `${title} ${health === "failing" ? "does not get on" : "is behind"}`;
  return records === 0 ? state : `${state}; the oldest record has waited for ${Math.round(seconds)} s`;
}
