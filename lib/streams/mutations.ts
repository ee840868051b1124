import { randomUUID } from "node:crypto";
import type { Prisma } from "../../prisma/generated/client.ts";
import { auditScope, requirePermission } from "../access/permission.ts";
import { recordEvent } from "../audit/events/record.ts";
import { recordIfRefused } from "../audit/events/refused.ts";
import { onPostgres } from "../audit/store/sql.ts";
import type { Context } from "../context.ts";
import { inTransaction, type Transaction } from "../db/client.ts";
import { database, pool } from "../db/connection.ts";
import { refuseDuplicate } from "../db/duplicate.ts";
import { AppError } from "../errors.ts";
import { checkDestination, checkSurfaces, makeSecrets } from "./check-input.ts";
import { findStream, VIEWED, viewOne } from "./data.ts";
import { findDestination } from "./destinations/schema.ts";
import { findStart } from "./find-start.ts";
import { keepSecrets } from "./kept-secrets.ts";
import { requirePlaceOfItsOwn } from "./place-of-its-own.ts";
import {
  CreateStreamInput,
  MOST_STREAMS,
  type StreamStart,
  type StreamView,
  type StreamWithSecrets,
  UpdateStreamInput,
} from "./schema.ts";
import { announceStreams } from "./stored/channel.ts";
import type { SurfaceChoices } from "./stored/schema.ts";
import { sealStreamSecrets } from "./stored/secrets.ts";
import { StreamSurface } from "./surfaces/schema.ts";
import { shownInEvents } from "./view.ts";

const STREAM = "Stream" as const;

/**
 * Adds a stream, which begins at once. Secrets that its kind makes are shown this once.
 * @throws AppError `invalid_argument` that names the field, `conflict` where the name is taken.
 */
export function createStream({
  ctx,
  input,
}: {
  ctx: Context;
  input: CreateStreamInput;
}): Promise<StreamWithSecrets> {
  const attempt = { action: "Create", entityType: STREAM, entityName: input.name } as const;
  return recordIfRefused(ctx, attempt, async () => {
    requireRightToSend(ctx);
    const { name, kind, format, rateLimit, start, ...given } = CreateStreamInput.parse(input);
    const made = makeSecrets(kind, given.secrets);
    const checked = await checkDestination(kind, {
      settings: given.settings,
      secrets: { ...given.secrets, ...made },
    });
    const surfaces = await checkSurfaces(onPostgres(pool()), auditScope(ctx), given.surfaces);
    const id = randomUUID();
    return inTransaction(database(), async (tx) => {
      await requireRoom(tx);
      await requirePlaceOfItsOwn(tx, { id, kind, settings: checked.settings });
      const data = {
        id,
        name,
        kind,
        format,
        rateLimit,
        surfaces: surfaces as Prisma.InputJsonObject,
        settings: checked.settings as Prisma.InputJsonObject,
        secrets: sealStreamSecrets(id, checked.secrets),
        batch: { ...findDestination(kind)!.batch, ...given.batch },
      };
      await refuseDuplicate(tx.stream.create({ data }), { field: "name", value: name });
      await placeCursors(tx, { id, surfaces, start });
      const view = await viewOne(await findStream(tx, id));
      await announceStreams(tx);
      await recordEvent(tx, ctx, { ...attempt, entityId: id, after: { ...shownInEvents(view), start } });
      return { ...view, madeSecrets: made };
    });
  });
}

/** A stream sends everybody's records: who says where to needs the right to read them. */
function requireRightToSend(ctx: Context): void {
  requirePermission(ctx, "streams:write");
  requirePermission(ctx, "audit:read");
}

async function requireRoom(tx: Transaction): Promise<void> {
  if ((await tx.stream.count()) < MOST_STREAMS) return;
  throw new AppError(
    "conflict",
    `There are ${MOST_STREAMS} streams, the most there may be. Remove one first.`,
  );
}

/** A cursor for each surface that is sent and has none yet; none for the others. */
async function placeCursors(
  tx: Transaction,
  { id, surfaces, start }: { id: string; surfaces: SurfaceChoices; start: StreamStart },
): Promise<void> {
  const run = onPostgres(pool());
  const chosen = StreamSurface.options.filter((surface) => surfaces[surface]);
  const others = { streamId: id, surface: { notIn: chosen } };
  await tx.streamCursor.deleteMany({ where: others });
  await tx.streamReplay.deleteMany({ where: others });
  const known = await tx.streamCursor.findMany({ where: { streamId: id }, select: { surface: true } });
  for (const surface of chosen.filter((each) => !known.some((cursor) => cursor.surface === each))) {
    const lastNo = await findStart(run, surface, start);
    await tx.streamCursor.create({ data: { streamId: id, surface, lastNo } });
  }
}

/**
 * Changes a stream. It goes on where it is; a surface that is new begins now.
 * @throws AppError `invalid_argument` that names the field, `conflict` where the name is taken, `not_found`.
 */
export function updateStream({
  ctx,
  input,
}: {
  ctx: Context;
  input: { id: string } & UpdateStreamInput;
}): Promise<StreamView> {
  const attempt = { action: "Update", entityType: STREAM, entityId: input.id } as const;
  return recordIfRefused(ctx, attempt, async () => {
    requireRightToSend(ctx);
    const { id, ...rest } = input;
    const { settings, secrets, surfaces, batch, ...change } = UpdateStreamInput.parse(rest);
    if (surfaces) await checkSurfaces(onPostgres(pool()), auditScope(ctx), surfaces);
    const { kind } = await findStream(database(), id);
    return inTransaction(database(), async (tx) => {
      await tx.$executeRaw`select 1 from streams where id = ${id}::uuid for no key update`;
      const before = await findStream(tx, id);
      const shownBefore = await viewOne(before);
      const data: Prisma.StreamUpdateInput = { ...change, revision: { increment: 1 }, updatedAt: new Date() };
      if (settings || secrets) {
        const checked = await checkDestination(kind, {
          settings: settings ?? shownBefore.settings,
          secrets: keepSecrets(before, {
            kind,
            settings: settings ?? shownBefore.settings,
            change: secrets ?? {},
          }),
        });
        await requirePlaceOfItsOwn(tx, { id, kind, settings: checked.settings });
        data.settings = checked.settings as Prisma.InputJsonObject;
        data.secrets = sealStreamSecrets(id, checked.secrets);
      }
      if (batch) data.batch = { ...shownBefore.batch, ...batch };
      if (surfaces) {
        data.surfaces = surfaces as Prisma.InputJsonObject;
        await placeCursors(tx, { id, surfaces, start: { from: "now" } });
      }
      await refuseDuplicate(tx.stream.update({ where: { id }, data }), {
        field: "name",
        value: change.name ?? before.name,
      });
      const view = await viewOne(await findStream(tx, id));
      await announceStreams(tx);
      await recordEvent(tx, ctx, {
        ...attempt,
        entityName: view.name,
        before: shownInEvents(shownBefore),
        after: { ...shownInEvents(view), ...(secrets ? { replaced: Object.keys(secrets) } : null) },
      });
      return view;
    });
  });
}

/** Removes a stream, with its cursors, replays and dead letters. What its receiver has stays there. */
export function removeStream({ ctx, input }: { ctx: Context; input: { id: string } }): Promise<void> {
  const attempt = { action: "Delete", entityType: STREAM, entityId: input.id } as const;
  return recordIfRefused(ctx, attempt, async () => {
    requirePermission(ctx, "streams:write");
    await inTransaction(database(), async (tx) => {
      const before = await findStream(tx, input.id);
      const view = await viewOne(before);
      await tx.stream.delete({ where: { id: before.id } });
      await announceStreams(tx);
      await recordEvent(tx, ctx, {
        ...attempt,
        entityName: before.name,
        before: { ...shownInEvents(view), cursors: view.cursors, deadLetters: view.deadLetters },
      });
    });
  });
}

/** Sends nothing more until it is resumed; what is recorded meanwhile waits. */
export function pauseStream({ ctx, input }: { ctx: Context; input: { id: string } }): Promise<StreamView> {
  return setPaused(ctx, input.id, true);
}

/** Goes on where it was; also one that was stopped, whose receiver is there again. */
export function resumeStream({ ctx, input }: { ctx: Context; input: { id: string } }): Promise<StreamView> {
  return setPaused(ctx, input.id, false);
}

function setPaused(ctx: Context, id: string, paused: boolean): Promise<StreamView> {
  const attempt = {
    action: "Update",
    operation: paused ? "Pause" : "Resume",
    entityType: STREAM,
    entityId: id,
  } as const;
  return recordIfRefused(ctx, attempt, async () => {
    requirePermission(ctx, "streams:write");
    return inTransaction(database(), async (tx) => {
      const before = await findStream(tx, id);
      const state = before.stopped !== null ? "stopped" : before.paused ? "paused" : "running";
      const after = paused ? "paused" : "running";
      if (state === after || (paused && state === "stopped"))
        throw new AppError("conflict", `The stream is ${state} already.`);
      await tx.stream.update({
        where: { id },
        data: {
          paused,
          revision: { increment: 1 },
          ...(paused
            ? { behindSince: before.behindSince ?? new Date() }
            : { stopped: null, failingSince: null }),
        },
      });
      const view = await viewOne(await tx.stream.findUniqueOrThrow({ where: { id }, include: VIEWED }));
      await announceStreams(tx);
      await recordEvent(tx, ctx, {
        ...attempt,
        entityName: before.name,
        before: { state },
        after: { state: after },
      });
      return view;
    });
  });
}
