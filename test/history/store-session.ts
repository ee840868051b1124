import { randomUUID } from "node:crypto";
import { zstdCompressSync } from "node:zlib";
import type pg from "pg";
import type { CastEvent } from "../../lib/recordings/cast/cast-event.ts";
import { headerLine } from "../../lib/recordings/cast/cast-header.ts";
import { encodeEvents } from "../../lib/recordings/cast/encode-events.ts";
import type { RecordedSession } from "../../lib/recordings/recorded-session.ts";
import { chainHash, firstHash } from "../../lib/recordings/store/chain-hash.ts";
import type { Chunk } from "../../lib/recordings/store/chunk.ts";
import { insertChunks } from "../../lib/recordings/store/chunk-insert.ts";
import { closeRecording } from "../../lib/recordings/store/close-recording.ts";
import { beginRunning, takeRunning } from "../../lib/recordings/store/running.ts";
import type { HistoryRecording } from "./generate-recordings.ts";

/** Stores a session with what was recorded of it, as the store does: begun, its chunk, closed. It is prepared for playback where that is served. */
export async function storeSession(
  pool: pg.Pool,
  recording: HistoryRecording,
  events: Iterable<CastEvent>,
): Promise<void> {
  const owner = randomUUID();
  const session = sessionOf(recording);
  const chunk = chunkOf(recording, [...events]);
  const { recordingId, startedAt, endedAt, ending, result, message, exitCode, bytesIn, bytesOut } = recording;
  await beginRunning(pool, owner, session);
  await insertChunks(pool, { key: Buffer.alloc(32), seal: false }, [chunk]);
  await closeRecording(pool, {
    session,
    end: {
      recordingId,
      startedAt,
      endedAt,
      outcome: { ending, result, message, exitCode, bytesIn, bytesOut },
      chunks: 1,
      lastHash: chunk.hash,
      outputBytes: chunk.outputBytes,
      storedBytes: chunk.data.length,
      columns: 112,
      rows: 32,
    },
    take: (run) => takeRunning(run, recordingId, owner),
    archive: false,
  });
}

function sessionOf(recording: HistoryRecording): RecordedSession {
  const { recordingId, startedAt, actor, cluster, kind, namespace, pod, container, commandLine } = recording;
  const { role, clientIp, clientName, accessMethod, protocol, sessionId, tokenId } = recording;
  return {
    ...{ recordingId, startedAt, actor, cluster, kind, namespace, pod, container, commandLine },
    ...{ role, clientIp, clientName, accessMethod, protocol, sessionId, tokenId },
    callId: recording.auditId,
    tty: recording.tty === "yes",
    inputRecorded: recording.inputRecorded === "yes",
    projects: [],
    departments: [],
    nodePools: [],
  };
}

function chunkOf({ recordingId, startedAt }: HistoryRecording, events: readonly CastEvent[]): Chunk {
  const header = headerLine({
    version: 3,
    term: { cols: 112, rows: 32 },
    timestamp: Math.floor(startedAt / 1_000),
  });
  const shown = events.flatMap(({ code, data }) => (code === "o" || code === "e" ? data : []));
  const times = { seq: 0, fromMs: events[0]!.atMs, toMs: events.at(-1)!.atMs };
  const data = zstdCompressSync(header + encodeEvents(events, 0));
  const hash = chainHash(firstHash(recordingId), { ...times, data });
  return { recordingId, startedAt, ...times, outputBytes: Buffer.byteLength(shown.join("")), data, hash };
}
