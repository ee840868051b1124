import type { Sink, SinkStatus } from "./sink.ts";

/** The sinks of a process, for whoever tells how each does without knowing which there are. */
export class SinkRegistry {
  readonly #sinks: Sink[] = [];

  add(sink: Sink): void {
    this.#sinks.push(sink);
  }

  /** In the order in which they were added. */
  statuses(): SinkStatus[] {
    return this.#sinks.map((sink) => sink.status());
  }
}
