import type { Prisma } from "../../prisma/generated/client.ts";
import type { StreamState, StreamView } from "./schema.ts";
import { BatchBounds, SurfaceChoices } from "./stored/schema.ts";
import { openStreamSecrets } from "./stored/secrets.ts";
import { StreamSurface } from "./surfaces/schema.ts";

/** A row with what a view tells of it. */
export type StreamRow = Prisma.StreamGetPayload<{
  include: { cursors: true; replays: true; losses: true; _count: { select: { deadLetters: true } } };
}>;

/** The newest number of each surface. */
export type Surfaced = Readonly<Record<StreamSurface, number>>;

const LATE_SECONDS = 15;
/** What was sent longer ago is no throughput. */
const OF_LATE_SECONDS = 60;

/** A stream as administrators see it: never its secrets. */
export function viewStream(row: StreamRow, newest: Surfaced, now: Date): StreamView {
  const surfaces = SurfaceChoices.safeParse(row.surfaces).data ?? {};
  const cursors = StreamSurface.options.flatMap((surface) => {
    const cursor = row.cursors.find((each) => each.surface === surface);
    if (!cursor || !surfaces[surface]) return [];
    return [{ surface, lastNo: Number(cursor.lastNo), newestNo: newest[surface], lastAt: cursor.lastAt }];
  });
  const lag = lagOf(row, cursors, now);
  const state = stateOf(row, lag.seconds, now);
  return {
    id: row.id,
    name: row.name,
    kind: row.kind,
    settings: row.settings as Record<string, unknown>,
    secretsSet: namesOfSecrets(row),
    format: row.format as StreamView["format"],
    surfaces,
    rateLimit: row.rateLimit,
    batch: BatchBounds.parse(row.batch),
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    state,
    reason: reasonOf(row, state, lag),
    lastError:
      row.lastErrorAt === null ? null : { at: row.lastErrorAt.toISOString(), text: row.lastError ?? "" },
    lag,
    throughput: ageOf(row.deliveredAt, now) > OF_LATE_SECONDS ? 0 : Math.round(row.throughput * 10) / 10,
    delivered: Number(row.delivered),
    lastDeliveredAt: row.deliveredAt?.toISOString() ?? null,
    cursors: cursors.map(({ lastAt: _, ...cursor }) => cursor),
    replays: row.replays.map(({ id, surface, fromNo, toNo, lastNo, startedAt }) => ({
      id,
      surface: surface as StreamSurface,
      from: Number(fromNo),
      to: Number(toNo),
      lastNo: Number(lastNo),
      startedAt: startedAt.toISOString(),
    })),
    deadLetters: row._count.deadLetters,
    lost: row.losses.map(({ surface, fromNo, toNo, at }) => ({
      surface: surface as StreamSurface,
      from: Number(fromNo),
      to: Number(toNo),
      at: at.toISOString(),
    })),
    holdsRetention: row.holdsSince !== null,
  };
}

type Cursor = StreamView["cursors"][number] & { lastAt: Date | null };

/** The oldest that waits came since it is behind, and after what was sent last. */
function lagOf(row: StreamRow, cursors: readonly Cursor[], now: Date): StreamView["lag"] {
  const waiting = cursors.filter(({ lastNo, newestNo }) => newestNo > lastNo);
  const records = waiting.reduce((sum, { lastNo, newestNo }) => sum + newestNo - lastNo, 0);
  if (waiting.length === 0 || row.behindSince === null) return { records, seconds: 0 };
  const sent = waiting.map(({ lastAt }) => ageOf(lastAt, now));
  const seconds = Math.min(ageOf(row.behindSince, now), Math.max(...sent));
  return { records, seconds: Math.max(0, Math.round(seconds * 10) / 10) };
}

const ageOf = (at: Date | null, now: Date): number =>
  at === null ? Number.POSITIVE_INFINITY : (now.getTime() - at.getTime()) / 1_000;

function stateOf(row: StreamRow, lagSeconds: number, now: Date): StreamState {
  if (row.stopped !== null) return "stopped";
  if (row.paused) return "paused";
  if (row.leaseUntil === null || row.leaseUntil < now) return "starting";
  if (row.failingSince !== null) return "failing";
  return lagSeconds > LATE_SECONDS ? "late" : "well";
}

function reasonOf(row: StreamRow, state: StreamState, lag: StreamView["lag"]): string | null {
  switch (state) {
    case "well":
      return null;
    case "paused":
      return "It is paused: what is recorded meanwhile waits, and is sent when it is resumed.";
    case "stopped":
      return `It was stopped, as its receiver says that it is gone for good: ${row.stopped}`;
    case "starting":
      // As where its row is of another version, which no process here reads.
      return `No process of the installation delivers it yet.${row.failingSince === null ? "" : ` What was wrong last: ${row.lastError}`}`;
    case "failing":
      return row.lastError;
    case "late":
      return `What waits longest has waited for ${Math.round(lag.seconds)} s.`;
  }
}

/** A secret that cannot be opened is still one that is kept; what it is called is not known then. */
function namesOfSecrets({ id, secrets }: StreamRow): string[] {
  try {
    return Object.keys(openStreamSecrets(id, secrets)).sort();
  } catch {
    return ["(cannot be opened with the encryption key)"];
  }
}

/** What of a stream an event tells: what administrators decide. */
export const shownInEvents = ({
  id,
  name,
  kind,
  settings,
  secretsSet,
  format,
  surfaces,
  rateLimit,
  batch,
}: StreamView) => ({
  id,
  name,
  kind,
  settings,
  kept: secretsSet,
  format,
  surfaces,
  rateLimit,
  batch,
});
