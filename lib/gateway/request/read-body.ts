import type { IncomingMessage } from "node:http";
import { Refusal } from "../answer/refusal.ts";

/** Reads a whole request body of at most `maxBytes`. */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer | Refusal> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    // The connection is still needed for the answer where the rest is not read.
    for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > maxBytes) {
        return new Refusal("RequestEntityTooLarge", `the body of such a call has at most ${maxBytes} bytes`);
      }
      chunks.push(chunk);
    }
  } catch {
    return new Refusal("BadRequest", "The client left before its request was complete.");
  }
  return Buffer.concat(chunks);
}
