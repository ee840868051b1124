import { randomUUID } from "node:crypto";
import type { Context } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { formatFilter } from "../../filter/format.ts";
import { recordEventAlone } from "../events/record.ts";
import { type ReadQuery, readAudit } from "../query/audit-query.ts";
import { countAllRows } from "../query/count.ts";
import { lastNoOf } from "../query/last-no.ts";
import type { ReaderAccess } from "../query/reader-access.ts";
import type { AuditScope } from "../query/scope.ts";
import { redactFilter } from "../redaction/redact-filter.ts";
import { checkpointBefore } from "./checkpoints.ts";
import { MEDIA_TYPES } from "./encode.ts";
import { startOfFile } from "./file.ts";
import { findExport } from "./find.ts";
import { takeExportPlace } from "./places.ts";
import type { ExportFormat, ExportSourceName } from "./schema.ts";
import { EXPORT_SOURCES } from "./source.ts";
import { streamFile } from "./stream.ts";
import { type ExportTicket, prepareTicket } from "./ticket.ts";

/** A file on its way. */
export interface StartedExport {
  id: string;
  mediaType: string;
  fileName: string;
  /** How many rows it will have; null when that is not known without reading them. */
  rows: number | null;
  /** How many bytes come before the first that is sent. */
  offset: number;
  body: ReadableStream<Uint8Array>;
}

interface Asked {
  ctx: Context;
  scope: AuditScope;
  /** Begins to watch what ends the file early; nothing does where it is left out. */
  watch?: () => ReaderAccess;
}

/** One whose place was asked for, and whose right is watched from then on. */
interface Watched {
  signal: AbortSignal;
  /** To be called when nothing more is read for it. */
  onEnd(): void;
}

/**
 * Starts an export of everything that matches now, when it is its turn. The export is an event before its first byte is sent.
 * @throws AppError `resource_exhausted` where too many wait already, or it waited too long; `invalid_argument` for a byte order mark on
 * anything but CSV.
 */
export function startExport(asked: Asked & NewExport): Promise<StartedExport> {
  return inPlace(asked, (watched) => begin(asked, watched));
}

interface NewExport {
  source: ExportSourceName;
  format: ExportFormat;
  read: ReadQuery;
  byteOrderMark?: boolean;
  maxRows?: number;
}

/** Runs `open` in a place that the file gives back at its end; at once where there will be none. */
async function inPlace(
  { ctx, watch }: Asked,
  open: (watched: Watched) => Promise<StartedExport>,
): Promise<StartedExport> {
  const access = watch?.() ?? UNWATCHED;
  let leave = () => {};
  const onEnd = () => {
    leave();
    access.stop();
  };
  try {
    leave = await takeExportPlace(ctx, access.signal);
    return await open({ signal: access.signal, onEnd });
  } catch (error) {
    onEnd();
    throw error;
  }
}

const UNWATCHED: ReaderAccess = { signal: new AbortController().signal, stop() {} };

async function begin(asked: Asked & NewExport, watched: Watched): Promise<StartedExport> {
  const { ctx, scope, source, format, read, byteOrderMark = false, maxRows } = asked;
  if (byteOrderMark && format !== "csv") refuseMark(format);
  const ticket: ExportTicket = {
    source,
    format,
    byteOrderMark,
    filter: formatFilter(read.filter),
    filterKept: true,
    from: read.window.from.toISOString(),
    to: read.window.to.toISOString(),
    timeZone: read.reference.timeZone,
    now: read.reference.now.toISOString(),
    upToNo: await readAudit((run) => lastNoOf(run, EXPORT_SOURCES[source].surface.stream)),
    maxRows: maxRows ?? null,
    scope: scope.kind,
  };
  const id = randomUUID();
  await recordEventAlone(ctx, {
    ...exportEvent(id, ticket),
    requestBody: recordedTicket(ticket, read.filter),
  });
  return openFile(asked, { id, ticket, offset: 0, watched });
}

/** The ticket as the event keeps it. */
function recordedTicket(ticket: ExportTicket, tree: ReadQuery["filter"]): ExportTicket {
  const filter = formatFilter(redactFilter(tree));
  return { ...ticket, filter, filterKept: filter === ticket.filter };
}

/**
 * Goes on with an export after so many bytes: with what was sent before, the bytes are those of one uninterrupted export.
 * @throws AppError `invalid_argument` for more bytes than the file has, `not_found` for an export that is unknown or another's, `conflict` when the caller may see less or more than then.
 */
export function resumeExport(asked: Asked & Resumed): Promise<StartedExport> {
  return inPlace(asked, (watched) => resume(asked, watched));
}

interface Resumed {
  source: ExportSourceName;
  resume: string;
}

async function resume(asked: Asked & Resumed, watched: Watched): Promise<StartedExport> {
  const [id = "", bytes = "0"] = asked.resume.split(".");
  const { ticket, end } = await findExport({ ...asked, id });
  if (ticket.source !== asked.source)
    throw new AppError("not_found", `Export ${id} is one of ${ticket.source}; resume it there.`);
  if (!ticket.filterKept) {
    throw new AppError("conflict", "The export's filter held a secret, which is not kept. Start it again.");
  }
  if (ticket.scope !== asked.scope.kind) {
    throw new AppError("conflict", "What you may see has changed since the export began. Start it again.");
  }
  if (end !== null && Number(bytes) > end.bytes) {
    const takes = `at most ${end.bytes} bytes, the length of the file`;
    throw new AppError("invalid_argument", `resume: got ${bytes} bytes; takes ${takes}`, {
      details: [{ field: "resume", got: asked.resume, takes }],
    });
  }
  await recordEventAlone(asked.ctx, {
    ...exportEvent(id, ticket),
    requestBody: { resumedAfterBytes: Number(bytes) },
  });
  return openFile(asked, { id, ticket, offset: Number(bytes), watched });
}

function refuseMark(format: ExportFormat): never {
  const takes = "false, or csv as the format: JSON begins with no byte order mark (RFC 8259, section 8.1)";
  throw new AppError("invalid_argument", `bom: got true with format ${format}; takes ${takes}`, {
    details: [{ field: "bom", got: "true", takes }],
  });
}

const COUNT_MS = 3_000;

async function openFile(
  { ctx, scope }: Asked,
  file: { id: string; ticket: ExportTicket; offset: number; watched: Watched },
): Promise<StartedExport> {
  const { id, ticket, offset, watched } = file;
  const query = await readAudit((run) => prepareTicket(run, ticket, scope));
  const counted = await readAudit((run) => countAllRows(run, query), COUNT_MS).catch(() => null);
  const from = offset === 0 ? startOfFile() : checkpointBefore(id, offset);
  return {
    id,
    mediaType: MEDIA_TYPES[ticket.format],
    fileName: fileNameOf(ticket),
    rows: counted === null || ticket.maxRows === null ? counted : Math.min(counted, ticket.maxRows),
    offset,
    body: streamFile({ ctx, id, ticket, query, from, offset, ...watched, event: exportEvent(id, ticket) }),
  };
}

function fileNameOf({ source, format, now }: ExportTicket): string {
  return `${source}-${now.slice(0, 19).replaceAll(":", "")}Z.${format}`;
}

function exportEvent(id: string, ticket: ExportTicket) {
  return {
    action: "View" as const,
    operation: "Export" as const,
    entityType: "Export" as const,
    entityId: id,
    entityName: fileNameOf(ticket),
  };
}
