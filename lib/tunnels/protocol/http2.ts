import type { ClientSessionOptions, Http2Session, ServerOptions } from "node:http2";

/** Of one stream, in either direction, bytes: what a slow reader makes the other side hold. */
const STREAM_WINDOW = 1024 * 1024;
/** Of the connection: not what holds it back, since Node gives it back at once and counts per stream. */
export const CONNECTION_WINDOW = 16 * 1024 * 1024;
const MAX_FRAME_BYTES = 256 * 1024;
/** Streams at once on one connection; the agent refuses more, and the hub takes another agent. */
export const MOST_STREAMS = 4_096;
/** A head in the tunnel is a few short lines. */
const MOST_HEADER_BYTES = 8 * 1024;

const settings = {
  initialWindowSize: STREAM_WINDOW,
  maxFrameSize: MAX_FRAME_BYTES,
  maxHeaderListSize: MOST_HEADER_BYTES,
  enablePush: false,
} as const;

/** What either end bears: memory of a connection in MB, settings in a frame, pings not yet answered, frames that make no sense. */
const bounds = {
  maxSessionMemory: 512,
  maxSettings: 16,
  maxOutstandingPings: 4,
  maxHeaderListPairs: 32,
  maxSessionInvalidFrames: 16,
  maxSessionRejectedStreams: 128,
} as const;

/** Of the hub, the client. */
export const HUB_SESSION: ClientSessionOptions = {
  ...bounds,
  settings,
  peerMaxConcurrentStreams: MOST_STREAMS,
};

/** Of the agent, the server. */
export const AGENT_SESSION: ServerOptions = {
  ...bounds,
  settings: { ...settings, maxConcurrentStreams: MOST_STREAMS },
};

/** Each side pings. */
export const HEARTBEAT_MS = 5_000;
/** A side that answers none of so many, one after the other, is gone: after 15 s. */
export const MOST_UNANSWERED = 3;

/**
 * Pings the other end, and destroys the session when three pings in a row went unanswered. Ends with the session.
 * `onAnswer`: how long an answer took, milliseconds.
 */
export function keepHeartbeat(
  session: Http2Session,
  { everyMs = HEARTBEAT_MS, onAnswer = (_ms: number): void => undefined } = {},
): void {
  // Counted, not timed: a process that was held up itself must not take the other end for gone.
  let unanswered = 0;
  const beat = () => {
    // It may wait for the other end to close, and takes no ping then.
    if (session.destroyed) return;
    if (unanswered >= MOST_UNANSWERED) {
      session.destroy(Object.assign(new Error("the other end of the tunnel is gone"), { code: "ETIMEDOUT" }));
      return;
    }
    unanswered += 1;
    const onAcknowledged = (error: Error | null, ms?: number) => {
      if (error !== null) return;
      unanswered = 0;
      if (ms !== undefined) onAnswer(ms);
    };
    // Node sends no ping on a session that is to end with its last stream, which may take hours: settings are answered then, too.
    if (session.closed) session.settings({}, (error) => onAcknowledged(error));
    else session.ping(onAcknowledged);
  };
  const timer = setInterval(beat, everyMs);
  session.once("close", () => clearInterval(timer));
}
