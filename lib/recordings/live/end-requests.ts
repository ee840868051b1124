import type { Transaction } from "../../db/client.ts";
import { gatewayPool } from "../../db/connection.ts";
import { subscribeNotifications } from "../../db/notifications.ts";
import { log } from "../../log.ts";
import { processState } from "../../process-state.ts";

/** Somebody wants a session ended. */
export interface EndRequest {
  /** Their address, or the name of an application. */
  by: string;
  reason: string;
}

type Listener = (request: EndRequest) => void;

/** The payload: the recording's id. */
const CHANNEL = "kubewitness_session_end";
/** A notification can be lost. */
const POLL_MS = 3_000;

interface Watch {
  /** By recording; null once it has been told. */
  listeners: Map<string, Listener | null>;
  stop(): void;
}

// Held in all copies of this module, and only while a session of this process runs.
const state = processState("recordings/end-requests", () => ({ watch: null as Watch | null }));

/**
 * Calls `listener` once when somebody wants the session of this recording ended, whichever replica they asked. Returns the unsubscriber,
 * to be called when the session is over.
 */
export function onSessionEndRequest(recordingId: string, listener: Listener): () => void {
  state.watch ??= startWatch();
  const { listeners } = state.watch;
  listeners.set(recordingId, listener);
  return () => {
    listeners.delete(recordingId);
    if (listeners.size > 0 || state.watch?.listeners !== listeners) return;
    state.watch.stop();
    state.watch = null;
  };
}

/** Tells every process of a request that the transaction makes, once it is committed. */
export async function announceEndRequest(tx: Transaction, recordingId: string): Promise<void> {
  await tx.$executeRaw`select pg_notify(${CHANNEL}, ${recordingId})`;
}

function startWatch(): Watch {
  const listeners: Watch["listeners"] = new Map();
  const look = () => {
    tellRequested(listeners).catch((error) =>
      log.warn({ err: error }, "whether sessions are to be ended could not be read; it is looked for again"),
    );
  };
  const unsubscribe = subscribeNotifications(CHANNEL, {
    onNotification: (recordingId) => {
      if (listeners.get(recordingId)) look();
    },
    onConnected: look,
  });
  const timer = setInterval(look, POLL_MS);
  timer.unref();
  return {
    listeners,
    stop() {
      unsubscribe();
      clearInterval(timer);
    },
  };
}

async function tellRequested(listeners: Watch["listeners"]): Promise<void> {
  const untold = [...listeners].filter(([, listener]) => listener !== null).map(([id]) => id);
  if (untold.length === 0) return;
  const { rows } = await gatewayPool().query<{ recordingId: string } & EndRequest>(
    `SELECT recording_id AS "recordingId", end_requested_by AS by, end_reason AS reason FROM recording_running
     WHERE recording_id = ANY ($1::uuid[]) AND end_requested_at IS NOT NULL`,
    [untold],
  );
  for (const { recordingId, by, reason } of rows) {
    const listener = listeners.get(recordingId);
    if (!listener) continue;
    listeners.set(recordingId, null);
    listener({ by, reason });
  }
}
