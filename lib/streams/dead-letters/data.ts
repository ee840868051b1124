import type { Prisma } from "../../../prisma/generated/client.ts";
import { requirePermission } from "../../access/permission.ts";
import { type ReadEntity, recordView } from "../../audit/query/record-read.ts";
import type { Context } from "../../context.ts";
import { database } from "../../db/connection.ts";
import { AppError } from "../../errors.ts";
import { findStream } from "../data.ts";
import { type DeadLetterList, DeadLetterQuery } from "../schema.ts";
import type { StreamSurface } from "../surfaces/schema.ts";

/** Whose records dead letters show. */
const ENTITY_OF: Readonly<Record<StreamSurface, ReadEntity>> = {
  requests: "RequestAudit",
  events: "EventHistory",
  recordings: "Recording",
};

/** A page of what a receiver refused for good, newest first. They show the record: who reads it here needs the right to, and is on the record. */
export async function listDeadLetters({
  ctx,
  input,
}: {
  ctx: Context;
  input: { id: string; query: Partial<ReturnType<typeof DeadLetterQuery.parse>> };
}): Promise<DeadLetterList> {
  requirePermission(ctx, "streams:read");
  requirePermission(ctx, "audit:read");
  const { limit, after, search } = DeadLetterQuery.parse(input.query);
  const { id, name } = await findStream(database(), input.id);
  const rows = await database().streamDeadLetter.findMany({
    where: { streamId: id, AND: [afterWhere(after), searchWhere(search)] },
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
    take: limit + 1,
  });
  const page = rows.slice(0, limit);
  for (const surface of new Set(page.map((row) => row.surface as StreamSurface)))
    await recordView(ctx, ENTITY_OF[surface], `dead letters of the stream ${name}`);
  const last = rows.length > limit ? page.at(-1)! : null;
  return {
    deadLetters: page.map((row) => ({
      id: row.id,
      surface: row.surface as StreamSurface,
      no: Number(row.no),
      at: row.createdAt.toISOString(),
      reason: row.reason,
      text: row.text,
      attempts: row.attempts,
    })),
    next: last && `${last.createdAt.toISOString()}.${last.id}`,
  };
}

const CURSOR = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)\.([0-9a-f-]{36})$/;

function afterWhere(after: string | undefined): Prisma.StreamDeadLetterWhereInput {
  if (after === undefined) return {};
  const [, at, id] = CURSOR.exec(after) ?? [];
  if (at === undefined || id === undefined) {
    const takes = "`next` of the page before";
    throw new AppError("invalid_argument", `after: takes ${takes}`, { details: [{ field: "after", takes }] });
  }
  const createdAt = new Date(at);
  return { OR: [{ createdAt: { lt: createdAt } }, { createdAt, id: { lt: id } }] };
}

function searchWhere(search = ""): Prisma.StreamDeadLetterWhereInput {
  const text = search.trim();
  if (text === "") return {};
  const contains = { contains: text, mode: "insensitive" } as const;
  const number = /^\d{1,15}$/.test(text) ? [{ no: BigInt(text) }] : [];
  return { OR: [{ reason: contains }, { text: contains }, ...number] };
}
