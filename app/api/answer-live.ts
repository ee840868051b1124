import type { Context } from "../../lib/context.ts";
import { AppError } from "../../lib/errors.ts";
import { networkOf } from "../../lib/http/ip-address.ts";
import { watchAccess } from "../../lib/identity/watch-access.ts";
import { ConcurrencyLimit } from "../../lib/limits/concurrency-limit.ts";
import { processState } from "../../lib/process-state.ts";
import { callerOf } from "./request-places.ts";

/** A stream ends after this long, and the client's next one is authorised anew. */
const LONGEST_MS = 15 * 60_000;
/** Each looks at the database with every batch that is committed. A browser has one, however many pages it shows. */
const MOST_OF_CALLER = 20;
const MOST_OF_NETWORK = 300;

const open = processState("api/live", () => ({
  ofCaller: new ConcurrencyLimit(MOST_OF_CALLER),
  ofNetwork: new ConcurrencyLimit(MOST_OF_NETWORK),
}));

/**
 * Answers server-sent events. The stream ends with the client, and at once when the caller's right does.
 * @throws AppError `resource_exhausted` where the caller, or their address, has too many.
 */
export function answerLive(
  { request, ctx }: { request: Request; ctx: Context },
  start: (signal: AbortSignal) => ReadableStream<Uint8Array>,
): Response {
  const leave = takePlace(ctx);
  const access = watchAccess(request, ctx);
  const signal = AbortSignal.any([access.signal, AbortSignal.timeout(LONGEST_MS)]);
  const end = () => {
    leave();
    access.stop();
  };
  signal.addEventListener("abort", end, { once: true });
  try {
    return new Response(endingWith(start(signal), end), {
      headers: {
        "Content-Type": "text/event-stream",
        "Cache-Control": "no-store",
        "X-Accel-Buffering": "no",
      },
    });
  } catch (error) {
    // A filter that is not understood opens nothing.
    end();
    throw error;
  }
}

/** The same stream; `end` is called when it ends, whoever ends it. */
function endingWith(stream: ReadableStream<Uint8Array>, end: () => void): ReadableStream<Uint8Array> {
  const reader = stream.getReader();
  return new ReadableStream(
    {
      async pull(controller) {
        try {
          const { value, done } = await reader.read();
          if (!done) return controller.enqueue(value);
          end();
          controller.close();
        } catch (error) {
          end();
          throw error;
        }
      },
      cancel(reason) {
        end();
        return reader.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
}

function takePlace(ctx: Context): () => void {
  const ofCaller = open.ofCaller.take(callerOf(ctx));
  if (ofCaller === null) throw tooMany(`${MOST_OF_CALLER} live lists of yours`);
  const ofNetwork = open.ofNetwork.take(networkOf(ctx.sourceIp));
  if (ofNetwork === null) {
    ofCaller();
    throw tooMany(`${MOST_OF_NETWORK} live lists of your address`);
  }
  return () => {
    ofCaller();
    ofNetwork();
  };
}

const tooMany = (what: string) =>
  new AppError(
    "resource_exhausted",
    `${what} are open, which is the most at once. Close some, or ask for entries with afterNo instead.`,
    { retryAfterSeconds: 30 },
  );

/** The last number that the client has seen: what it reconnects with counts before what it began with. */
export function lastSeen(request: Request, afterNo: number): number {
  const lastEventId = request.headers.get("Last-Event-ID") ?? "";
  return /^\d{1,15}$/.test(lastEventId) ? Math.max(Number(lastEventId), afterNo) : afterNo;
}
