import type { Context } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { readAudit } from "../query/audit-query.ts";
import { findRowByNo } from "../query/find-rows.ts";
import { recordView } from "../query/record-read.ts";
import type { AuditScope } from "../query/scope.ts";
import type { RunSql } from "../store/sql.ts";
import { type StoredEvent, toEventEntries } from "./entries.ts";
import type { EventDetail, EventEntry } from "./schema.ts";
import { EVENT_SURFACE } from "./surface.ts";

/** What changed, as it was recorded. */
export interface EventBody {
  before: unknown;
  after: unknown;
  requestBody: unknown;
}

/** One event with what changed. Looking at it is itself an event. @throws AppError `not_found` */
export async function getEvent(input: { ctx: Context; scope: AuditScope; no: number }): Promise<EventDetail> {
  const { ctx, scope, no } = input;
  const detail = await readAudit(async (run) => {
    const row = await findRowByNo(run, { surface: EVENT_SURFACE, scope, no });
    if (!row)
      throw new AppError(
        "not_found",
        `There is no event with the ID ${no}, or it is not yours to see, or its time of retention is over.`,
      );
    const [entry] = await toEventEntries(run, [row]);
    const bodies = await readEventBodies(run, [row as StoredEvent]);
    return { ...(entry as EventEntry), ...bodyOf(bodies, no) };
  });
  await recordView(ctx, "EventHistory", no);
  return detail;
}

/** The bodies of events, by number. */
export async function readEventBodies(
  run: RunSql,
  rows: readonly StoredEvent[],
): Promise<Map<number, EventBody>> {
  const bodies = await run<EventBody & { no: number }>(
    `SELECT no, before, after, request_body AS "requestBody" FROM audit_event_body
     WHERE (happened_at, ledger_id, no) IN (SELECT * FROM unnest($1::timestamptz[], $2::smallint[], $3::bigint[]))
       AND happened_at >= $4::timestamptz AND happened_at <= $5::timestamptz`,
    [
      rows.map((row) => row.happened_at.toISOString()),
      rows.map((row) => row.ledger_id),
      rows.map((row) => row.no),
      ...extent(rows.map((row) => row.happened_at.getTime())),
    ],
  );
  return new Map(bodies.map(({ no, ...body }) => [no, body]));
}

// The ends as constants of their own, so that only the partitions between them are looked at.
function extent(times: number[]): string[] {
  if (times.length === 0) return [new Date(0).toISOString(), new Date(0).toISOString()];
  return [new Date(Math.min(...times)).toISOString(), new Date(Math.max(...times)).toISOString()];
}

export function bodyOf(bodies: ReadonlyMap<number, EventBody>, no: number): EventBody {
  return bodies.get(no) ?? { before: null, after: null, requestBody: null };
}
