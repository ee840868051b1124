import type { Context } from "../../lib/context.ts";
import { AppError } from "../../lib/errors.ts";
import { watchAccess } from "../../lib/identity/watch-access.ts";
import { log } from "../../lib/log.ts";

/**
 * Answers JSON, a value a line (NDJSON), as it is made. What is thrown before the first line is the answer's status; after it, a last line
 * `{kind: "failure", message}`. Ends with the client, and at once when the caller's right does.
 */
export async function answerLines(
  { request, ctx }: { request: Request; ctx: Context },
  make: (signal: AbortSignal) => AsyncGenerator<object>,
): Promise<Response> {
  const access = watchAccess(request, ctx);
  const lines = make(access.signal);
  const first = await lines.next().catch((error: unknown) => {
    access.stop();
    throw error;
  });
  return new Response(streamOf(first, lines, { onEnd: () => access.stop(), requestId: ctx.requestId }), {
    headers: {
      "Content-Type": "application/x-ndjson",
      "Cache-Control": "no-store",
      "X-Accel-Buffering": "no",
    },
  });
}

const encoder = new TextEncoder();
const encode = (value: object) => encoder.encode(`${JSON.stringify(value)}\n`);

function streamOf(
  first: IteratorResult<object>,
  lines: AsyncGenerator<object>,
  { onEnd, requestId }: { onEnd: () => void; requestId: string },
): ReadableStream<Uint8Array> {
  let next = Promise.resolve(first);
  return new ReadableStream(
    {
      async pull(controller) {
        try {
          const { value, done } = await next;
          if (!done) {
            controller.enqueue(encode(value));
            next = lines.next();
            // It is awaited by the next pull, or by nobody.
            next.catch(() => {});
            return;
          }
        } catch (error) {
          controller.enqueue(encode(failureOf(error, requestId)));
        }
        onEnd();
        controller.close();
      },
      async cancel() {
        onEnd();
        await lines.return(undefined);
      },
    },
    { highWaterMark: 0 },
  );
}

function failureOf(error: unknown, requestId: string): object {
  if (error instanceof AppError) return { kind: "failure", message: error.message };
  log.error({ err: error, requestId }, "an answer of several lines broke off");
  return { kind: "failure", message: `The gateway failed; its log has the error under ${requestId}.` };
}
