import { randomUUID } from "node:crypto";
import type { ServerMessage } from "./schema.ts";

type Asking = Extract<ServerMessage, { type: "edit" | "askUpload" }>;
type Question<Message = Asking> = Message extends Asking ? Omit<Message, "id"> : never;

interface Pending {
  message: Asking;
  answer(value: unknown): void;
}

/** What the shell has asked the person for and waits for: asked again of a browser that connects again. */
export class PersonRequests {
  readonly #send: (message: ServerMessage) => void;
  readonly #pending = new Map<string, Pending>();
  #closed = false;

  constructor(send: (message: ServerMessage) => void) {
    this.#send = send;
  }

  /** Resolves with the answer; with null where the person gives up, or the terminal ends. */
  ask<Answer>(question: Question): Promise<Answer | null> {
    if (this.#closed) return Promise.resolve(null);
    const message = { ...question, id: randomUUID() } as Asking;
    return new Promise((resolve) => {
      this.#pending.set(message.id, { message, answer: (value) => resolve(value as Answer | null) });
      this.#send(message);
    });
  }

  /** Whether that is asked now. */
  isAsked(id: string, type: Asking["type"]): boolean {
    return this.#pending.get(id)?.message.type === type;
  }

  answer(id: string, value: unknown): void {
    this.#pending.get(id)?.answer(value);
    this.#pending.delete(id);
  }

  askAgain(): void {
    for (const { message } of this.#pending.values()) this.#send(message);
  }

  /** Nobody will answer any more. */
  close(): void {
    this.#closed = true;
    for (const id of [...this.#pending.keys()]) this.answer(id, null);
  }
}
