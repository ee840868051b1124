import { auditScope, requirePermission } from "../../access/permission.ts";
import { type NewEvent, recordEventAlone } from "../../audit/events/record.ts";
import { takeExportPlace } from "../../audit/export/places.ts";
import { readAudit } from "../../audit/query/audit-query.ts";
import type { ReaderAccess } from "../../audit/query/reader-access.ts";
import { toEntries } from "../../audit/recordings/entries.ts";
import { findRecordingRow, noSuchRecording } from "../../audit/recordings/find.ts";
import type { RecordingEntry } from "../../audit/recordings/schema.ts";
import type { Context } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { readRunningRows } from "../live/running-row.ts";
import { describePlayed } from "../playback/read/record-playback.ts";
import { readChunks } from "../store/read-chunks.ts";
import type { CastFileWriter } from "./cast-file.ts";
import { castV2, castV3 } from "./cast-versions.ts";
import { knownProblem } from "./known-problem.ts";
import { plainText } from "./plain-text.ts";
import { writeRecording } from "./recording-file.ts";
import type { DownloadFormat } from "./schema.ts";
import { streamText } from "./text-stream.ts";

/** A file on its way. */
export interface RecordingDownload {
  mediaType: string;
  fileName: string;
  /** What is known already to be wrong with the recording, a sentence; the file ends there, and says so. */
  problem: string | null;
  body: ReadableStream<Uint8Array>;
}

const WRITERS: Readonly<Record<DownloadFormat, () => CastFileWriter>> = {
  v3: castV3,
  v2: castV2,
  text: plainText,
};

/**
 * Downloads a recording of a session that is over, when it is its turn among exports; written while it is sent. The download is an event before its first byte is sent.
 * @throws AppError `not_found`; `conflict` while the session runs; `unavailable` where the place is away that it is kept in; `resource_exhausted` where
 * too many wait already.
 */
export async function downloadRecording({
  ctx,
  input,
  watch,
}: {
  ctx: Context;
  input: { id: string; format: DownloadFormat };
  /** Begins to watch what ends the file early. */
  watch(): ReaderAccess;
}): Promise<RecordingDownload> {
  requirePermission(ctx, "recordings:play");
  const { entry, cluster } = await requireEnded(ctx, input.id);
  const access = watch();
  let leave = () => {};
  const onEnd = () => {
    leave();
    access.stop();
  };
  try {
    leave = await takeExportPlace(ctx, access.signal);
    await recordDownload(ctx, { entry, cluster }, input.format);
    return await open(entry, { format: input.format, signal: access.signal, onEnd });
  } catch (error) {
    onEnd();
    throw error;
  }
}

interface EndedRecording {
  entry: RecordingEntry;
  cluster: NewEvent["cluster"];
}

async function requireEnded(ctx: Context, recordingId: string): Promise<EndedRecording> {
  const scope = auditScope(ctx);
  return readAudit(async (run) => {
    const row = await findRecordingRow(run, { scope, recordingId });
    if (row !== null) {
      const [entry] = await toEntries(run, [row]);
      return { entry: entry!, cluster: (await describePlayed(run, { row })).cluster };
    }
    const running = await readRunningRows(run, { scope, recordingId });
    if (running.length === 0) throw noSuchRecording(recordingId);
    throw new AppError("conflict", "This session runs: watch it, or download its recording once it is over.");
  });
}

async function recordDownload(
  ctx: Context,
  { entry, cluster }: EndedRecording,
  format: DownloadFormat,
): Promise<void> {
  await recordEventAlone(ctx, {
    action: "View",
    operation: "Export",
    entityType: "Recording",
    entityId: entry.recordingId,
    entityName: `No ${entry.no}, as ${format}`,
    cluster,
    requestBody: { format },
  });
}

async function open(
  entry: RecordingEntry,
  { format, ...stream }: { format: DownloadFormat; signal: AbortSignal; onEnd(): void },
): Promise<RecordingDownload> {
  const key = { recordingId: entry.recordingId, startedAt: Date.parse(entry.startedAt) };
  const problem = await knownProblem(key);
  const writer = WRITERS[format]();
  const parts = writeRecording(readChunks(key), writer);
  // What cannot be read at all is an answer of its own, and no file.
  const first = await parts.next();
  const started = entry.startedAt.slice(0, 19).replaceAll(":", "");
  return {
    mediaType: writer.mediaType,
    fileName: `recording-${entry.no}-${started}Z.${writer.extension}`,
    problem,
    body: streamText({ ...stream, parts: startingWith(first, parts) }),
  };
}

async function* startingWith(
  first: IteratorResult<string>,
  rest: AsyncGenerator<string>,
): AsyncGenerator<string> {
  if (first.done) return;
  yield first.value;
  yield* rest;
}
