import { type CallLinked, IntentTable } from "./intent-table.ts";
import type { Turn } from "./turn.ts";

/** An intent of this process, and where the journal has it. */
export class HeldIntent implements CallLinked<HeldIntent> {
  readonly callId: string;
  readonly payload: string;
  /** The turn whose frame is its last one. */
  turn: Turn;
  /** Its outcome is on its way to the disk, which may not take it. */
  isClosing = false;
  /** Of the same call, where this one says more; it counts again where this one is not durable. */
  replaced: HeldIntent | null;
  next: HeldIntent | null = null;

  constructor(callId: string, payload: string, turn: Turn, replaced: HeldIntent | null) {
    this.callId = callId;
    this.payload = payload;
    this.turn = turn;
    this.replaced = replaced;
  }

  get isDurable(): boolean {
    return this.turn.isDurable;
  }

  /** Calls when it is on the disk, or with why it never will be; at once where that is known. */
  whenDurable(listener: (error: Error | null) => void): void {
    this.turn.whenSettled(listener);
  }
}

/** The intents of calls under way. One ends when its outcome is durable, not before: until then it is all that is known of the call. */
export class HeldIntents {
  readonly #intents = new IntentTable<HeldIntent>();
  #closing = 0;

  /** Of calls whose outcome has not come. */
  get size(): number {
    return this.#intents.size - this.#closing;
  }

  get(callId: string): HeldIntent | null {
    return this.#intents.get(callId);
  }

  add(callId: string, payload: string, turn: Turn): HeldIntent {
    const intent = new HeldIntent(callId, payload, turn, this.get(callId));
    this.#intents.set(intent);
    return intent;
  }

  /** From here on it is not carried along any more. */
  beginClosing(intent: HeldIntent): void {
    intent.isClosing = true;
    this.#closing += 1;
  }

  /** Its outcome is durable. */
  close(intent: HeldIntent): void {
    this.#closing -= 1;
    this.#intents.delete(intent.callId);
  }

  /** Its outcome is lost: it is all that will be known of the call. */
  reopen(intent: HeldIntent): void {
    intent.isClosing = false;
    this.#closing -= 1;
  }

  /** It never got to the disk: its call is refused, or knows of it by the one before. */
  revert(intent: HeldIntent): void {
    if (this.get(intent.callId) !== intent || intent.isClosing) return;
    if (intent.replaced !== null) this.#intents.set(intent.replaced);
    else this.#intents.delete(intent.callId);
  }

  /**
   * Writes what stands at `end` or before again, so that it can be deleted there. `append` resolves with the turn that has it when that is durable.
   * Throws where that fails: what stands there must stay.
   * @returns false while an outcome is on its way, which is not to be overtaken.
   */
  async carryBeyond(end: number, append: (intent: HeldIntent) => Promise<Turn>): Promise<boolean> {
    const there = this.#intents.all().filter(({ turn }) => turn.end <= end);
    if (there.some(({ isClosing }) => isClosing)) return false;
    await Promise.all(
      there.map(async (intent) => {
        intent.turn = await append(intent);
      }),
    );
    return true;
  }
}
