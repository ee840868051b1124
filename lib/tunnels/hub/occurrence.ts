import { Listeners } from "../../listeners.ts";

/** Something that happens once, and of which those are told as well who come later. */
export class Occurrence {
  #waiting = new Listeners();
  #happened = false;

  happen(): void {
    this.#happened = true;
    queueMicrotask(() => this.#tell());
  }

  /** Calls `listener` once, never within this call. Returns the unsubscriber: whoever waits for less long than this may take leaves. */
  on(listener: () => void): () => void {
    const leave = this.#waiting.add(listener);
    if (this.#happened) queueMicrotask(() => this.#tell());
    return leave;
  }

  #tell(): void {
    const told = this.#waiting;
    this.#waiting = new Listeners();
    told.tell();
  }
}
