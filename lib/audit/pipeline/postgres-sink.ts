import { healthOf, type Sink, type SinkStatus } from "../sinks/sink.ts";
import { SURFACE_OF } from "../store/ledger.ts";
import type { CommitTracker } from "../writer/commit-tracker.ts";

/** PostgreSQL's writer as a sink: it reads this process's journal, not the record, and is what gives the numbers. */
export class PostgresSink implements Sink {
  readonly #commits: CommitTracker;

  constructor(commits: CommitTracker) {
    this.#commits = commits;
  }

  status(): SinkStatus {
    const { lastNo, error, entriesBehind } = this.#commits;
    // A PostgreSQL that takes statements and ends none (a lock, a network that is cut) gives no error.
    const seconds = this.#commits.lagMs() / 1_000;
    const health = healthOf({ failing: error !== null, lagSeconds: seconds });
    const held = `new entries do not reach PostgreSQL; the oldest has waited for ${Math.round(seconds)} s`;
    return {
      name: "postgresql",
      title: "PostgreSQL",
      cursors: [{ surface: SURFACE_OF.kube_request, lastNo }],
      health,
      reason: health === "well" ? null : held,
      lag: { records: entriesBehind, seconds },
    };
  }
}
