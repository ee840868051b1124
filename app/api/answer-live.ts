import type { Context } from "../../lib/context.ts";
import { onRevocation } from "../../lib/identity/revocation.ts";

/** A stream ends after this long, and the client's next one is authorised anew. */
const LONGEST_MS = 15 * 60_000;

/** Answers server-sent events. The stream ends with the client, and at once when the caller's right may have changed. */
export function answerLive(
  { request, ctx }: { request: Request; ctx: Context },
  open: (signal: AbortSignal) => ReadableStream<Uint8Array>,
): Response {
  const revoked = new AbortController();
  const signal = AbortSignal.any([request.signal, revoked.signal, AbortSignal.timeout(LONGEST_MS)]);
  const stopListening = onRevocation((subject) => {
    const own =
      (ctx.actor.kind === "user" || ctx.actor.kind === "application") && subject.id === ctx.actor.id;
    // Which token the caller came with is not known here; asking anew costs a reconnect.
    if (own || subject.kind === "token") revoked.abort();
  });
  signal.addEventListener("abort", stopListening);
  return new Response(open(signal), {
    headers: { "Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no" },
  });
}

/** The last number that the client has seen: what it reconnects with counts before what it began with. */
export function lastSeen(request: Request, afterNo: number): number {
  const lastEventId = request.headers.get("Last-Event-ID") ?? "";
  return /^\d{1,15}$/.test(lastEventId) ? Math.max(Number(lastEventId), afterNo) : afterNo;
}
