import { Refusal } from "../answer/refusal.ts";
import type { BodyReader, ClientRequest } from "./client-request.ts";

/** Reads a whole request body of at most `maxBytes`. Of a larger one the rest is left where it is. */
export function readBody(request: ClientRequest, maxBytes: number): Promise<Buffer | Refusal> {
  return new Promise((resolve) => request.readBody(new WholeBody(maxBytes, resolve)));
}

class WholeBody implements BodyReader {
  readonly #maxBytes: number;
  readonly #resolve: (body: Buffer | Refusal) => void;
  readonly #chunks: Buffer[] = [];
  #bytes = 0;

  constructor(maxBytes: number, resolve: (body: Buffer | Refusal) => void) {
    this.#maxBytes = maxBytes;
    this.#resolve = resolve;
  }

  onData(chunk: Buffer): boolean {
    this.#bytes += chunk.length;
    if (this.#bytes > this.#maxBytes) {
      const message = `the body of such a call has at most ${this.#maxBytes} bytes`;
      this.#resolve(new Refusal("RequestEntityTooLarge", message));
      return false;
    }
    this.#chunks.push(chunk);
    return true;
  }

  onEnd(): void {
    this.#resolve(Buffer.concat(this.#chunks));
  }

  onBroken(refusal: Refusal): void {
    this.#resolve(refusal);
  }
}
