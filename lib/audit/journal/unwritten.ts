import { FRAME_TYPE } from "./frame.ts";
import type { HeldIntent, HeldIntents } from "./held-intents.ts";
import type { Turn } from "./turn.ts";

/** A frame that the disk did not take. */
interface UnwrittenFrame {
  bytes: Buffer;
  /** The intent that it closes. */
  closes: HeldIntent | null;
}

const MAX_FRAMES = 10_000;
const MAX_BYTES = 32 * 2 ** 20;

/** Outcomes that are kept in memory while the disk fails, and are written when it does not: the calls did happen. Bounded. */
export class UnwrittenFrames {
  readonly #intents: HeldIntents;
  readonly #onLost: (() => void) | undefined;
  #frames: UnwrittenFrame[] = [];
  #bytes = 0;

  /** `onLost`: called for each outcome that there is no room for. */
  constructor({ intents, onLost }: { intents: HeldIntents; onLost: (() => void) | undefined }) {
    this.#intents = intents;
    this.#onLost = onLost;
  }

  get size(): number {
    return this.#frames.length;
  }

  /** Keeps the outcomes of a turn that is not on the disk. Its intents are gone: their calls know it. */
  keepOutcomes({ frames, bytes }: Turn): void {
    let begin = 0;
    for (const { type, end, intent } of frames) {
      const closes = type === FRAME_TYPE.closing ? intent : null;
      if (type !== FRAME_TYPE.intent) this.keep({ bytes: Buffer.from(bytes!.subarray(begin, end)), closes });
      else if (intent !== null) this.#intents.revert(intent);
      begin = end;
    }
  }

  /** An intent whose outcome is lost stays open: the next start says so. */
  keep(frame: UnwrittenFrame): void {
    if (this.#frames.length < MAX_FRAMES && this.#bytes + frame.bytes.length <= MAX_BYTES) {
      this.#frames.push(frame);
      this.#bytes += frame.bytes.length;
      return;
    }
    if (frame.closes) this.#intents.reopen(frame.closes);
    this.#onLost?.();
  }

  takeAll(): UnwrittenFrame[] {
    const frames = this.#frames;
    this.#frames = [];
    this.#bytes = 0;
    return frames;
  }
}
