import { requirePermission } from "../../access/permission.ts";
import { recordEvent } from "../../audit/events/record.ts";
import { recordIfRefused } from "../../audit/events/refused.ts";
import type { Context } from "../../context.ts";
import { inTransaction } from "../../db/client.ts";
import { database } from "../../db/connection.ts";
import { AppError } from "../../errors.ts";
import { findStream } from "../data.ts";
import { DeadLetterChoice } from "../schema.ts";
import { announceStreams } from "../stored/channel.ts";

const STREAM = "Stream" as const;
/** An event names so many. */
const MOST_NAMED = 100;

/** Has dead letters sent again, soon, as the stream is set now. Those that are refused again stay. Answers how many. */
export function replayDeadLetters(given: {
  ctx: Context;
  input: { id: string } & DeadLetterChoice;
}): Promise<{ count: number }> {
  return changeLetters(given, "Replay");
}

/** Removes dead letters: their records are never sent. Answers how many. */
export function discardDeadLetters(given: {
  ctx: Context;
  input: { id: string } & DeadLetterChoice;
}): Promise<{ count: number }> {
  return changeLetters(given, "Delete");
}

function changeLetters(
  { ctx, input }: { ctx: Context; input: { id: string } & DeadLetterChoice },
  operation: "Replay" | "Delete",
): Promise<{ count: number }> {
  const attempt = { action: "Update", operation, entityType: STREAM, entityId: input.id } as const;
  return recordIfRefused(ctx, attempt, async () => {
    requirePermission(ctx, "streams:write");
    const { id, ...rest } = input;
    const choice = DeadLetterChoice.parse(rest);
    return inTransaction(database(), async (tx) => {
      const { name } = await findStream(tx, id);
      const where = { streamId: id, ...("ids" in choice ? { id: { in: choice.ids } } : null) };
      const found = await tx.streamDeadLetter.findMany({
        where,
        select: { surface: true, no: true },
        orderBy: [{ surface: "asc" }, { no: "asc" }],
        take: MOST_NAMED,
      });
      const { count } =
        operation === "Replay"
          ? await tx.streamDeadLetter.updateMany({ where, data: { requested: true } })
          : await tx.streamDeadLetter.deleteMany({ where });
      if (count === 0) throw new AppError("not_found", "The stream has no such dead letters.");
      await announceStreams(tx);
      const numbers = found.map(({ surface, no }) => `${surface} ${no}`);
      const letters = { count, numbers };
      await recordEvent(tx, ctx, {
        ...attempt,
        entityName: name,
        ...(operation === "Replay"
          ? { after: { sentAgain: letters } }
          : { before: { deadLetters: letters }, after: { deadLetters: null } }),
      });
      return { count };
    });
  });
}
