/** An intent of this process, and where the journal has it. */
interface HeldIntent {
  /** After its last frame that is durable, or will be. */
  position: number;
  payload: string;
  /** Its outcome is on its way to the disk, which may not take it. */
  closing: boolean;
}

/** The intents of calls under way. One ends when its outcome is durable, not before: until then it is all that is known of the call. */
export class HeldIntents {
  readonly #intents = new Map<string, HeldIntent>();

  get size(): number {
    return this.#intents.size;
  }

  add(callId: string, intent: { position: number; payload: string }): void {
    this.#intents.set(callId, { ...intent, closing: false });
  }

  /** Whether an outcome closes one; from here on it is not carried along any more. */
  beginClosing(callId: string): boolean {
    const intent = this.#intents.get(callId);
    if (!intent || intent.closing) return false;
    intent.closing = true;
    return true;
  }

  remove(callId: string): void {
    this.#intents.delete(callId);
  }

  /**
   * Writes what stands at `end` or before again, so that it can be deleted there. `append` resolves with the new position.
   * Throws where that fails: what stands there must stay.
   * @returns false while an outcome is on its way, which is not to be overtaken.
   */
  async carryBeyond(end: number, append: (payload: string) => Promise<number>): Promise<boolean> {
    const there = Array.from(this.#intents.values()).filter(({ position }) => position <= end);
    if (there.some(({ closing }) => closing)) return false;
    await Promise.all(
      there.map(async (intent) => {
        intent.position = await append(intent.payload);
      }),
    );
    return true;
  }
}
