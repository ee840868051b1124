import type { Socket } from "node:net";
import { setImmediate as nextTurn } from "node:timers/promises";
import { Client, type Dispatcher } from "undici";
import { ByteStream } from "./byte-stream.ts";
import type { SeenAnswer } from "./read-message.ts";

/** An answer as far as undici tells of it. */
export type SeenByUndici = Omit<SeenAnswer, "headers" | "keepAlive" | "trailers">;

/** What undici makes of an answer that comes in these pieces, after which the connection ends; null: nothing. */
export async function answerByUndici(
  pieces: readonly Buffer[],
  method: Dispatcher.HttpMethod,
): Promise<SeenByUndici | null> {
  const stream = new ByteStream();
  const client = new Client("http://cluster", {
    connect: (_options, callback) => setImmediate(() => callback(null, stream as unknown as Socket)),
    maxHeaderSize: 64 * 1024,
  });
  let seen: SeenByUndici | null = null;
  client.dispatch(
    { method, path: "/" },
    {
      onRequestStart() {},
      onResponseStart(controller, statusCode, _headers, statusMessage) {
        if (statusCode < 200) return;
        // It keeps the blanks behind a value.
        const rawHeaders = (controller.rawHeaders as Buffer[]).map((text) =>
          text.toString("latin1").replace(/[ \t]+$/, ""),
        );
        seen = {
          ...{ statusCode, statusMessage: statusMessage ?? "", rawHeaders },
          ...{ body: Buffer.alloc(0), isWhole: false },
        };
      },
      onResponseData(_controller, chunk) {
        if (seen !== null) seen.body = Buffer.concat([seen.body, chunk]);
      },
      onResponseEnd() {
        if (seen !== null) seen.isWhole = true;
      },
      onResponseError() {},
    },
  );
  await nextTurn();
  await nextTurn();
  await stream.send(pieces);
  await stream.finish();
  await client.destroy();
  stream.destroy();
  return seen;
}
