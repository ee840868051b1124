import type { Prisma } from "../../prisma/generated/client.ts";
import { requirePermission } from "../access/permission.ts";
import { lastNoOf } from "../audit/query/last-no.ts";
import { onPostgres } from "../audit/store/sql.ts";
import type { Context } from "../context.ts";
import type { Transaction } from "../db/client.ts";
import { database, pool } from "../db/connection.ts";
import { AppError } from "../errors.ts";
import type { StreamView } from "./schema.ts";
import { StreamSurface } from "./surfaces/schema.ts";
import { SOURCES } from "./surfaces/sources.ts";
import { type StreamRow, type Surfaced, viewStream } from "./view.ts";

const MOST_LOSSES = 20;

/** What a view is made of. */
export const VIEWED = {
  cursors: true,
  replays: { orderBy: { startedAt: "asc" } },
  losses: { orderBy: { at: "desc" }, take: MOST_LOSSES },
  _count: { select: { deadLetters: true } },
} as const satisfies Prisma.StreamInclude;

/** Every stream, by name. */
export async function listStreams({ ctx }: { ctx: Context }): Promise<StreamView[]> {
  requirePermission(ctx, "streams:read");
  const rows = await database().stream.findMany({ include: VIEWED, orderBy: { name: "asc" } });
  return viewAll(rows);
}

/** One of them. @throws AppError `not_found`. */
export async function getStream({
  ctx,
  input,
}: {
  ctx: Context;
  input: { id: string };
}): Promise<StreamView> {
  requirePermission(ctx, "streams:read");
  return viewOne(await findStream(database(), input.id));
}

/** @throws AppError `not_found`. */
export async function findStream(tx: Pick<Transaction, "stream">, id: string): Promise<StreamRow> {
  const row = await tx.stream.findUnique({ where: { id }, include: VIEWED });
  if (!row) throw new AppError("not_found", "There is no stream with that id.");
  return row;
}

/** As they are now. */
export async function viewOne(row: StreamRow): Promise<StreamView> {
  const [view] = await viewAll([row]);
  return view!;
}

async function viewAll(rows: readonly StreamRow[]): Promise<StreamView[]> {
  if (rows.length === 0) return [];
  const run = onPostgres(pool());
  const newest: Partial<Record<StreamSurface, number>> = {};
  for (const surface of StreamSurface.options)
    newest[surface] = await lastNoOf(run, SOURCES[surface].surface.stream);
  return rows.map((row) => viewStream(row, newest as Surfaced, new Date()));
}
