import type { CastEvent } from "../../cast/cast-event.ts";
import {
  ACTIVITY_BUCKETS,
  IDLE_MS,
  PlaybackBinary,
  PlaybackFile,
  type PlaybackIndex,
  type PlaybackMarker,
} from "../schema.ts";
import type { ScreenSize } from "../screen/screen-size.ts";
import { Activity } from "./activity.ts";
import { BoundedList } from "./bounded-list.ts";

const MOST_MARKERS = 5_000;
const MOST_OF_EACH = 1_000;

/** What an index tells of the whole recording, gathered as its events pass. */
export class SessionIndex {
  readonly markers = new BoundedList<PlaybackMarker>(MOST_MARKERS, "command lines");
  readonly #sizes = new BoundedList<{ atMs: number } & ScreenSize>(MOST_OF_EACH, "changes of size");
  readonly #files = new BoundedList<PlaybackFile>(MOST_OF_EACH, "files");
  readonly #binaries = new BoundedList<PlaybackBinary>(MOST_OF_EACH, "streams that are no text");
  readonly #idle = new BoundedList<{ fromMs: number; toMs: number }>(MOST_OF_EACH, "idle spans");
  readonly #activity = new Activity();
  #lastOutputMs = 0;

  output({ atMs, data }: CastEvent): void {
    this.#activity.add(atMs, Buffer.byteLength(data));
    this.#idleUntil(atMs);
  }

  resize(atMs: number, size: ScreenSize): void {
    this.#sizes.add({ atMs, ...size });
  }

  file({ atMs, data }: CastEvent): void {
    this.#files.add(PlaybackFile.parse({ ...JSON.parse(data), atMs }));
  }

  binary({ atMs, data }: CastEvent): void {
    this.#binaries.add(PlaybackBinary.parse({ ...JSON.parse(data), atMs }));
  }

  finish(durationMs: number) {
    this.#idleUntil(durationMs);
    const lists = [this.markers, this.#sizes, this.#files, this.#binaries, this.#idle];
    return {
      markers: this.markers.items,
      idle: this.#idle.items,
      activity: this.#activity.inBuckets(durationMs, ACTIVITY_BUCKETS),
      sizes: this.#sizes.items,
      files: this.#files.items,
      binaries: this.#binaries.items,
      leftOut: lists.flatMap((list) => list.leftOut()),
    } satisfies Partial<PlaybackIndex>;
  }

  #idleUntil(atMs: number): void {
    if (atMs - this.#lastOutputMs > IDLE_MS) this.#idle.add({ fromMs: this.#lastOutputMs, toMs: atMs });
    this.#lastOutputMs = Math.max(this.#lastOutputMs, atMs);
  }
}
