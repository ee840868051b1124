import { randomUUID } from "node:crypto";
import { zstdCompressSync } from "node:zlib";
import type { CastEventCode } from "../../cast/cast-event.ts";
import type { RecordedSession } from "../../recorded-session.ts";
import { chainHash, firstHash } from "../chain-hash.ts";
import type { Chunk } from "../chunk.ts";
import type { RecordingEnd } from "../close-recording.ts";

/** A session of Alice's in a pod; `given` says what is different. */
export function testSession(given: Partial<RecordedSession> = {}): RecordedSession {
  return {
    recordingId: randomUUID(),
    startedAt: Date.now(),
    actor: { kind: "user", id: randomUUID(), name: "Alice", email: "alice@example.com" },
    cluster: { id: randomUUID(), name: "prod", endpoint: "https://prod.example.com" },
    kind: "exec",
    namespace: "payments",
    pod: "api-0",
    container: "api",
    commandLine: "sh",
    tty: true,
    role: "operator",
    clientIp: "203.0.113.7",
    clientName: "kubectl/v1.36.0",
    accessMethod: "CLI",
    protocol: "v5.channel.k8s.io",
    callId: randomUUID(),
    sessionId: null,
    tokenId: null,
    inputRecorded: false,
    projects: [],
    departments: [],
    nodePools: [],
    ...given,
  };
}

/** A chunk for each text that was shown, or each other event, a tenth of a second each. */
export function testChunks(
  { recordingId, startedAt }: RecordedSession,
  shown: readonly (string | [code: CastEventCode, data: string])[],
): Chunk[] {
  let before = firstHash(recordingId);
  return shown.map((event, seq) => {
    const [code, text] = typeof event === "string" ? (["o", event] as const) : event;
    const header = `${JSON.stringify({ version: 3, term: { cols: 80, rows: 24 } })}\n`;
    const line = `${JSON.stringify([0.1, code, text])}\n`;
    const data = zstdCompressSync(seq === 0 ? header + line : line);
    const times = { fromMs: (seq + 1) * 100, toMs: (seq + 1) * 100 };
    const hash = chainHash(before, { seq, ...times, data });
    before = hash;
    return { recordingId, startedAt, seq, ...times, outputBytes: Buffer.byteLength(text), data, hash };
  });
}

/** The end of a session whose command succeeded, with these chunks. */
export function testEnd(
  { recordingId, startedAt }: RecordedSession,
  chunks: readonly Chunk[],
  outcome: Partial<RecordingEnd["outcome"]> = {},
): RecordingEnd {
  return {
    recordingId,
    startedAt,
    endedAt: startedAt + 60_000,
    outcome: {
      ending: "completed",
      result: "success",
      message: null,
      exitCode: 0,
      bytesIn: 3,
      bytesOut: 5,
      ...outcome,
    },
    chunks: chunks.length,
    lastHash: chunks.at(-1)?.hash ?? firstHash(recordingId),
    outputBytes: chunks.reduce((sum, { outputBytes }) => sum + outputBytes, 0),
    storedBytes: chunks.reduce((sum, { data }) => sum + data.length, 0),
    columns: 80,
    rows: 24,
  };
}
