import { requirePermission } from "../../access/permission.ts";
import { recordEvent } from "../../audit/events/record.ts";
import { recordIfRefused } from "../../audit/events/refused.ts";
import type { Context } from "../../context.ts";
import { inTransaction } from "../../db/client.ts";
import { database } from "../../db/connection.ts";
import { AppError } from "../../errors.ts";
import { findStream, viewOne } from "../data.ts";
import { ReplayInput, type StreamView } from "../schema.ts";
import { announceStreams } from "../stored/channel.ts";

const STREAM = "Stream" as const;
/** Of one stream, at a time. */
const MOST_REPLAYS = 5;

/**
 * Sends a range of numbers again, beside what is new, in its own order. Receivers tell repeats by their ids.
 * @throws AppError `invalid_argument` of the fields `surface`, `from` or `to`, `conflict` where as many run as may.
 */
export function replayRange({
  ctx,
  input,
}: {
  ctx: Context;
  input: { id: string } & ReplayInput;
}): Promise<StreamView> {
  const attempt = { action: "Update", operation: "Replay", entityType: STREAM, entityId: input.id } as const;
  return recordIfRefused(ctx, attempt, async () => {
    requirePermission(ctx, "streams:write");
    const { id, ...rest } = input;
    const { surface, from, to } = ReplayInput.parse(rest);
    return inTransaction(database(), async (tx) => {
      const row = await findStream(tx, id);
      const cursor = row.cursors.find((each) => each.surface === surface);
      if (!cursor) throw refuse("surface", surface, "one that the stream sends");
      const sent = Number(cursor.lastNo);
      if (to > sent)
        throw refuse(
          "to",
          String(to),
          `a number up to ${sent}, which was sent last: what comes behind it is sent anyway`,
        );
      if (row.replays.length >= MOST_REPLAYS)
        throw new AppError(
          "conflict",
          `${MOST_REPLAYS} ranges are sent again already. Wait for one to end, or cancel one.`,
        );
      await tx.streamReplay.create({
        data: { streamId: id, surface, fromNo: from, toNo: to, lastNo: from - 1 },
      });
      await announceStreams(tx);
      const view = await viewOne(await findStream(tx, id));
      await recordEvent(tx, ctx, {
        ...attempt,
        entityName: row.name,
        after: { replay: { surface, from, to } },
      });
      return view;
    });
  });
}

/** Ends a replay where it is. @throws AppError `not_found`. */
export function cancelReplay({
  ctx,
  input,
}: {
  ctx: Context;
  input: { id: string; replayId: string };
}): Promise<StreamView> {
  const attempt = { action: "Update", operation: "Replay", entityType: STREAM, entityId: input.id } as const;
  return recordIfRefused(ctx, attempt, async () => {
    requirePermission(ctx, "streams:write");
    return inTransaction(database(), async (tx) => {
      const row = await findStream(tx, input.id);
      const replay = row.replays.find(({ id }) => id === input.replayId);
      if (!replay) throw new AppError("not_found", "The stream sends no such range again.");
      await tx.streamReplay.deleteMany({ where: { id: replay.id } });
      await announceStreams(tx);
      const view = await viewOne(await findStream(tx, row.id));
      const { surface, fromNo, toNo, lastNo } = replay;
      const range = { surface, from: Number(fromNo), to: Number(toNo), upTo: Number(lastNo) };
      await recordEvent(tx, ctx, {
        ...attempt,
        entityName: row.name,
        before: { replay: range },
        after: { replay: null },
      });
      return view;
    });
  });
}

function refuse(field: string, got: string, takes: string): AppError {
  return new AppError("invalid_argument", `${field}: got ${got}; takes ${takes}`, {
    details: [{ field, got, takes }],
  });
}
