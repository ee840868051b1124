import { setTimeout as delay } from "node:timers/promises";
import { onPostgres } from "../../audit/store/sql.ts";
import { log } from "../../log.ts";
import { readChunkEvents } from "../cast/chunk-events.ts";
import type { RecordingKey, RecordingReader } from "../recording-reader.ts";
import { BrokenRecording } from "../store/broken-recording.ts";
import { readChunks } from "../store/read-chunks.ts";
import { Backlog } from "./backlog.ts";
import { endMessage, eventsMessage, HEARTBEAT, type WatchEnd } from "./messages.ts";
import { findTailStart } from "./tail-start.ts";
import { Watcher } from "./watcher.ts";

const POLL_MS = 150;
const HEARTBEAT_MS = 15_000;
/** PostgreSQL may be away for so long; whoever watches sees that nothing comes, and comes again. */
const MOST_FAILURES_MS = 10_000;

/** Reads what a running session shows as it is written, once for all who watch it, and as long as somebody does. */
export class SessionTail {
  readonly #key: RecordingKey;
  readonly #reader: RecordingReader;
  readonly #watchers = new Set<Watcher>();
  readonly #onIdle: () => void;
  #backlog: Backlog | null = null;
  #lastSeq = -1;
  #heardAt = Date.now();

  /** `onIdle`: nobody watches any more, or there is nothing more to watch. */
  constructor(key: RecordingKey, reader: RecordingReader, onIdle: () => void) {
    this.#key = key;
    this.#reader = reader;
    this.#onIdle = onIdle;
  }

  /** Begins with the last of what was shown. */
  watch(signal: AbortSignal): ReadableStream<Uint8Array> {
    const watcher = new Watcher(signal, () => this.#watchers.delete(watcher));
    if (signal.aborted) return watcher.stream;
    this.#watchers.add(watcher);
    for (const bytes of this.#backlog?.start() ?? []) watcher.send(bytes);
    return watcher.stream;
  }

  /** Until nobody watches, or the session is over. */
  async run(): Promise<void> {
    let end: WatchEnd | null = null;
    let failingSince: number | null = null;
    while (end === null && this.#watchers.size > 0) {
      try {
        end = await this.#look();
        failingSince = null;
      } catch (error) {
        log.warn({ err: error, recordingId: this.#key.recordingId }, "a running session could not be read");
        failingSince ??= Date.now();
        if (Date.now() - failingSince > MOST_FAILURES_MS) break;
      }
      this.#beat();
      if (end === null) await delay(POLL_MS);
    }
    this.#onIdle();
    for (const watcher of this.#watchers) {
      if (end !== null) watcher.send(endMessage(end));
      watcher.end();
    }
  }

  /** What is new; why there is no more, once there is none. */
  async #look(): Promise<WatchEnd | null> {
    try {
      await this.#begin();
      // Asked first: of a session that is over by now, all is there.
      const { runs, news } = await this.#ask();
      if (news || !runs) await this.#readOn();
      return runs ? null : { reason: "over", problem: null };
    } catch (error) {
      if (error instanceof BrokenRecording) return { reason: "broken", problem: error.message };
      throw error;
    }
  }

  async #readOn(): Promise<void> {
    for await (const chunk of readChunks({ ...this.#key, afterSeq: this.#lastSeq }, this.#reader)) {
      const { events } = await readChunkEvents(chunk);
      this.#lastSeq = chunk.seq;
      const message = eventsMessage(events, chunk.outputBytes);
      if (message === null) continue;
      this.#backlog?.add(message);
      this.#send(message.bytes);
    }
  }

  async #begin(): Promise<void> {
    if (this.#backlog !== null) return;
    const { afterSeq, size } = await findTailStart(this.#reader, this.#key);
    this.#lastSeq = afterSeq;
    this.#backlog = new Backlog(size);
    for (const bytes of this.#backlog.start()) this.#send(bytes);
  }

  async #ask(): Promise<{ runs: boolean; news: boolean }> {
    const { recordingId, startedAt } = this.#key;
    const [row] = await onPostgres(this.#reader.pool)<{ runs: boolean; news: boolean }>(
      `SELECT EXISTS (SELECT FROM recording_running WHERE recording_id = $1::uuid) AS runs,
         EXISTS (SELECT FROM recording_chunk WHERE started_at = $2::timestamptz AND recording_id = $1::uuid AND seq > $3::int) AS news`,
      [recordingId, new Date(startedAt).toISOString(), this.#lastSeq],
    );
    return row ?? { runs: false, news: false };
  }

  #send(bytes: Uint8Array): void {
    this.#heardAt = Date.now();
    for (const watcher of this.#watchers) watcher.send(bytes);
  }

  /** By which a quiet session is told from a dead connection. */
  #beat(): void {
    if (Date.now() - this.#heardAt >= HEARTBEAT_MS) this.#send(HEARTBEAT);
  }
}
