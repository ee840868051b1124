import type { HeldIntent, HeldIntents } from "./held-intents.ts";
import type { SegmentFiles } from "./segment-files.ts";
import type { Turn } from "./turn.ts";

export interface SegmentReleaseOptions {
  files: SegmentFiles;
  intents: HeldIntents;
  /** Writes an intent again; resolves with the turn that has it when that is durable. */
  carry: (intent: HeldIntent) => Promise<Turn>;
  /** Whether the files are not to be touched any more. */
  isStopped: () => boolean;
  onFailed: (error: Error) => void;
}

/** Deletes the segments whose entries are all in the database. Intents in them that are still open are written again first. */
export class SegmentRelease {
  readonly #options: SegmentReleaseOptions;
  /** Up to where PostgreSQL has what the journal has. */
  #position = 0;
  #running: Promise<void> = Promise.resolve();

  constructor(options: SegmentReleaseOptions) {
    this.#options = options;
  }

  /** The database has what stands before `position`. Resolves when what can be deleted is; where that failed, the next one tries again. */
  upTo(position: number): Promise<void> {
    this.#position = Math.max(this.#position, position);
    return this.again();
  }

  again(): Promise<void> {
    this.#running = this.#running.then(() => this.#release()).catch(this.#options.onFailed);
    return this.#running;
  }

  async #release(): Promise<void> {
    const { files, intents, carry, isStopped } = this.#options;
    let removed = false;
    while (!isStopped()) {
      const oldest = files.oldestUpTo(this.#position);
      if (!oldest || !(await intents.carryBeyond(oldest.end, carry))) break;
      await files.deleteOldest();
      removed = true;
    }
    if (removed) await files.sync();
  }
}
