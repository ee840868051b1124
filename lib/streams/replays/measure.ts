import { auditScope, requirePermission } from "../../access/permission.ts";
import { readAudit } from "../../audit/query/audit-query.ts";
import { conditionSql, resolveFilter } from "../../audit/query/compile.ts";
import { SqlParameters } from "../../audit/query/sql-parameters.ts";
import { LEDGER_ID } from "../../audit/store/ledger.ts";
import type { RunSql } from "../../audit/store/sql.ts";
import { type Context, systemContext } from "../../context.ts";
import { database } from "../../db/connection.ts";
import { AppError } from "../../errors.ts";
import { parseFilter } from "../../filter/parse.ts";
import { findStream } from "../data.ts";
import { findStart } from "../find-start.ts";
import { SurfaceChoices } from "../stored/schema.ts";
import { type StreamSurface, SURFACE_TITLES } from "../surfaces/schema.ts";
import { SOURCES } from "../surfaces/sources.ts";
import { MeasureReplayQuery, MOST_MEASURED, type ReplayMeasure } from "./schema.ts";

/**
 * What a replay of a range would send, before it is begun. What was not sent yet is no part of it.
 * @throws AppError `invalid_argument` of the field `surface`, `not_found`.
 */
export async function measureReplay({
  ctx,
  input,
}: {
  ctx: Context;
  input: { id: string } & MeasureReplayQuery;
}): Promise<ReplayMeasure> {
  requirePermission(ctx, "streams:read");
  const { id, ...rest } = input;
  const { surface, ...range } = MeasureReplayQuery.parse(rest);
  const stream = await findStream(database(), id);
  const cursor = stream.cursors.find((each) => each.surface === surface);
  const filter = SurfaceChoices.parse(stream.surfaces)[surface]?.filter;
  if (!cursor || filter === undefined) throw notSent(surface);
  const sentUpTo = Number(cursor.lastNo);
  return readAudit(async (run) => {
    const from = range.from ?? (await beforeTime(run, surface, range.since!)) + 1;
    const to = Math.min(range.to ?? (await beforeTime(run, surface, range.until!)), sentUpTo);
    const found = to < from ? 0 : await countSent(run, { surface, from, to, filter });
    return { from, to, sentUpTo, records: Math.min(found, MOST_MEASURED), exact: found <= MOST_MEASURED };
  });
}

/** The last number that was recorded before a time. */
const beforeTime = (run: RunSql, surface: StreamSurface, time: string) =>
  findStart(run, surface, { from: "time", time });

async function countSent(
  run: RunSql,
  range: { surface: StreamSurface; from: number; to: number; filter: string },
): Promise<number> {
  const { surface } = SOURCES[range.surface];
  const parameters = new SqlParameters();
  const conditions = [
    `no >= ${parameters.add(range.from, "bigint")}`,
    `no <= ${parameters.add(range.to, "bigint")}`,
    `ledger_id = ${parameters.add(LEDGER_ID, "smallint")}`,
  ];
  const parsed = parseFilter(range.filter, surface.fields);
  if (!parsed.ok) throw new Error(`the filter of ${range.surface}: ${parsed.error.message}`);
  if (parsed.filter) {
    const reference = { now: new Date(), timeZone: "UTC" };
    const window = { from: new Date(0), to: reference.now };
    const scope = auditScope(systemContext("streams"));
    const resolved = await resolveFilter(run, { surface, scope, window, filter: parsed.filter, reference });
    conditions.push(`(${conditionSql(resolved, parameters, "null")})`);
  }
  const [row] = await run<{ count: number }>(
    `SELECT count(*) AS count FROM (
       SELECT FROM ${surface.table} WHERE ${conditions.join(" AND ")} LIMIT ${parameters.add(MOST_MEASURED + 1, "int")}
     ) AS sent`,
    parameters.values,
  );
  return row?.count ?? 0;
}

function notSent(surface: StreamSurface): AppError {
  const takes = "a surface that the stream sends";
  return new AppError("invalid_argument", `surface: got ${SURFACE_TITLES[surface]}; takes ${takes}`, {
    details: [{ field: "surface", got: surface, takes }],
  });
}
