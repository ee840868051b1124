import type { Context } from "../../context.ts";
import { log } from "../../log.ts";
import { type NewEvent, recordEventAlone } from "../events/record.ts";
import type { AuditQuery } from "../query/audit-query.ts";
import { keepCheckpoint } from "./checkpoints.ts";
import { type Checkpoint, writeFile } from "./file.ts";
import type { ExportTicket } from "./ticket.ts";

interface FileStream {
  ctx: Context;
  id: string;
  ticket: ExportTicket;
  query: AuditQuery;
  from: Checkpoint;
  /** Bytes that the client has. */
  offset: number;
  /** The event of its end. */
  event: NewEvent;
}

/**
 * Streams a file at the client's pace. Its end, also an early one, is an event; the last bytes wait for that of a whole file, so what was
 * exported is on the record.
 */
export function streamFile({
  ctx,
  id,
  ticket,
  query,
  from,
  offset,
  event,
}: FileStream): ReadableStream<Uint8Array> {
  let last = from;
  let sent = from.bytes;
  const chunks = writeFile(ticket, query, from, (checkpoint) => {
    last = checkpoint;
    keepCheckpoint(id, checkpoint);
  });
  const recordEnd = (end: Partial<NewEvent>) => recordEventAlone(ctx, { ...event, ...end });

  return new ReadableStream(
    {
      async pull(controller) {
        for (;;) {
          const next = await chunks.next();
          if (next.done) {
            const { rows, bytes, hash } = next.value;
            // Where the end was not known before: to go on after it is no success.
            if (offset > bytes) {
              const error = `The export has ${bytes} bytes, and was resumed after ${offset}.`;
              await recordEnd({ status: "Failed", error, after: { rows, bytes } });
              throw new Error(error);
            }
            await recordEnd({ after: { rows, bytes, sha256: hash.digest("hex") } });
            controller.close();
            return;
          }
          // On a resumed file the client has the first bytes already.
          const known = Math.min(Math.max(offset - sent, 0), next.value.length);
          sent += next.value.length;
          if (known === next.value.length) continue;
          controller.enqueue(next.value.subarray(known));
          return;
        }
      },
      async cancel() {
        await chunks.return(last);
        const { rows, bytes } = last;
        await recordEnd({
          status: "Failed",
          error: `The connection ended after ${rows} rows.`,
          after: { rows, bytes },
        }).catch((err: unknown) =>
          log.error({ err, exportId: id }, "the end of an export could not be recorded"),
        );
      },
    },
    { highWaterMark: 1 },
  );
}
