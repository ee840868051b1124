import { auditScope, requirePermission } from "../../access/permission.ts";
import { prepareQuery, readAudit, readQuery } from "../../audit/query/audit-query.ts";
import { recordSearch } from "../../audit/query/record-read.ts";
import { type Span, walkSpans } from "../../audit/query/spans.ts";
import { SqlParameters } from "../../audit/query/sql-parameters.ts";
import type { Context } from "../../context.ts";
import { type Bucket, bucketLength, countFirings } from "../evaluation/sliding-count.ts";
import { type AlertPreview, PreviewAlertInput } from "../schema.ts";
import { SURFACES } from "../surfaces.ts";

const DAYS = 7;
const EVERYTHING: Span = { from: -Infinity, to: Infinity };

/**
 * How often an alert would have fired in the last seven days. It counts what is on the record, which is a search, and an event as every other.
 * @throws AppError `invalid_argument` for a filter that is not understood, `unavailable` where the database needs too long.
 */
export async function previewAlert({
  ctx,
  input,
}: {
  ctx: Context;
  input: PreviewAlertInput;
}): Promise<AlertPreview> {
  requirePermission(ctx, "alerts:write");
  const { surface: name, ...rule } = PreviewAlertInput.parse(input);
  const { surface, entityType } = SURFACES[name];
  const scope = auditScope(ctx);
  const { filter, timeZone } = rule;
  const read = readQuery(surface, { filter, timeZone, from: `now-${DAYS}d`, to: "now" });
  await recordSearch(ctx, entityType, read);
  const buckets = await readAudit(async (run) => {
    const query = await prepareQuery(run, { surface, scope, ...read });
    const found: Bucket[] = [];
    for await (const span of walkSpans(run, query, EVERYTHING, "oldest")) {
      const parameters = new SqlParameters();
      const at = (milliseconds: number) =>
        parameters.add(new Date(milliseconds).toISOString(), "timestamptz");
      const length = parameters.add(bucketLength(rule), "float8");
      const rows = await run<{ at: number; matches: number }>(
        `SELECT (floor(extract(epoch FROM ${surface.time}) * 1000 / ${length}) * ${length})::float8 AS at, count(*)::int AS matches
         FROM ${surface.table} WHERE ${surface.time} >= ${at(span.from)} AND ${surface.time} < ${at(span.to)}
           AND ${query.condition(parameters, "null")} GROUP BY 1 ORDER BY 1`,
        parameters.values,
      );
      found.push(...rows);
    }
    return found;
  });
  const { firings, last } = countFirings(buckets, rule);
  return {
    days: DAYS,
    matches: buckets.reduce((sum, { matches }) => sum + matches, 0),
    firings,
    last: last === null ? null : new Date(last).toISOString(),
  };
}
