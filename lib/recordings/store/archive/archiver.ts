import type pg from "pg";
import type { Config } from "../../../config.ts";
import { log } from "../../../log.ts";
import { checkedName } from "./archive-place.ts";
import { type ArchiveJob, archiveJobs } from "./jobs.ts";
import { archiveName, moveRecording } from "./move-recording.ts";
import { placeOf, placeToKeep } from "./places.ts";

export interface ArchiverOptions {
  pool: pg.Pool;
  config: Pick<Config, "recordings">;
  /** Told of each that it moved. */
  onMoved?: () => void;
  everyMs?: number;
}

const EVERY_MS = 5_000;

export interface ArchiverStatus {
  /** Recordings that wait for their place or for their removal, and have failed before. */
  failing: number;
}

/**
 * Moves recordings that are prepared for playback out of PostgreSQL, where `recordings.store` says so, and removes those whose day is no longer kept. One after
 * another; each replica takes what no other is at.
 */
export class Archiver {
  readonly #pool: pg.Pool;
  readonly #recordings: Config["recordings"];
  readonly #timer: NodeJS.Timeout;
  readonly #onMoved: () => void;
  #running: Promise<void> = Promise.resolve();
  #stopped = false;
  #failing = 0;

  constructor({ pool, config, onMoved = () => undefined, everyMs = EVERY_MS }: ArchiverOptions) {
    this.#pool = pool;
    this.#onMoved = onMoved;
    this.#recordings = config.recordings;
    this.#timer = setInterval(() => void this.runOnce(), everyMs);
    this.#timer.unref();
  }

  status(): ArchiverStatus {
    return { failing: this.#failing };
  }

  /** Does all that is due now, after what is under way. */
  runOnce(): Promise<void> {
    this.#running = this.#running
      .then(() => this.#work())
      .catch((error: unknown) => {
        log.warn({ err: error }, "recordings: what is to be moved could not be read, and is tried again");
      });
    return this.#running;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    await this.#running;
  }

  async #work(): Promise<void> {
    const jobs = archiveJobs(this.#pool);
    while (!this.#stopped) {
      const job = await jobs.take();
      if (job === null) break;
      await this.#do(job).catch((error: unknown) => this.#failed(job, error));
    }
    this.#failing = await jobs.countFailing();
  }

  async #do(job: ArchiveJob): Promise<void> {
    if (job.expired) await this.#remove(job);
    else await this.#move(job);
  }

  async #move(job: ArchiveJob): Promise<void> {
    const place = placeToKeep(this.#recordings);
    // The setting was another when the session ended.
    if (place === null) return archiveJobs(this.#pool).forget(job);
    await moveRecording(this.#pool, job, place);
    this.#onMoved();
  }

  async #remove(job: ArchiveJob): Promise<void> {
    // One that was being moved when its day was dropped may lie there all the same.
    const place = job.place === null ? placeToKeep(this.#recordings) : placeOf(this.#recordings, job.place);
    await place?.remove(job.name === null ? archiveName(job) : checkedName(job.name));
    await archiveJobs(this.#pool).forget(job);
  }

  async #failed(job: ArchiveJob, error: unknown): Promise<void> {
    const { recordingId, expired } = job;
    const what = expired ? "removed from where it is kept" : "moved to where recordings are kept";
    log.error({ err: error, recordingId }, `recordings: one could not be ${what}, and is tried again`);
    await archiveJobs(this.#pool).fail(job, error);
  }
}
