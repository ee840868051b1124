import type { Context } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { prepareQuery, readAudit } from "../query/audit-query.ts";
import { findRowByNo } from "../query/find-rows.ts";
import { recordView } from "../query/record-read.ts";
import { readRows } from "../query/rows.ts";
import type { AuditScope } from "../query/scope.ts";
import type { RunSql } from "../store/sql.ts";
import { LONGEST_LINE_MS } from "./command-key.ts";
import { composeCommand } from "./compose-command.ts";
import { type RequestRow, toEntries } from "./entries.ts";
import { readRecordingState } from "./recording-of-call.ts";
import type { RequestAuditDetail, RequestAuditEntry, RequestAuditRelated } from "./schema.ts";
import { REQUEST_SURFACE } from "./surface.ts";

interface OneInput {
  scope: AuditScope;
  no: number;
}

async function requireRow(run: RunSql, { scope, no }: OneInput): Promise<RequestRow> {
  const row = await findRowByNo(run, { surface: REQUEST_SURFACE, scope, no });
  // Another person's entry and none at all look the same from outside.
  if (!row)
    throw new AppError(
      "not_found",
      `There is no entry No ${no}, or it is not yours to see, or its time of retention is over.`,
    );
  return row as RequestRow;
}

/** One call with its request body. Looking at it is itself an event. @throws AppError `not_found` */
export async function getRequest(input: OneInput & { ctx: Context }): Promise<RequestAuditDetail> {
  const detail = await readAudit(async (run) => {
    const row = await requireRow(run, input);
    const [entry] = await toEntries(run, [row]);
    const recording = await readRecordingState(run, row.recording_id);
    return { ...(entry as RequestAuditEntry), ...(await readBody(run, row)), recording };
  });
  await recordView(input.ctx, "RequestAudit", input.no);
  return detail;
}

type Body = Pick<
  RequestAuditDetail,
  "requestBody" | "requestBodyTruncated" | "requestBodyBytes" | "requestBodySha256"
>;

async function readBody(run: RunSql, row: RequestRow): Promise<Body> {
  const rows = await run<Body>(
    `SELECT body AS "requestBody", truncated AS "requestBodyTruncated", body_bytes AS "requestBodyBytes",
       encode(body_sha256, 'hex') AS "requestBodySha256"
     FROM kube_request_body WHERE executed_at = $1::timestamptz AND ledger_id = $2::smallint AND no = $3::bigint`,
    [row.executed_at.toISOString(), row.ledger_id, row.no],
  );
  return (
    rows[0] ?? {
      requestBody: null,
      requestBodyTruncated: false,
      requestBodyBytes: null,
      requestBodySha256: null,
    }
  );
}

const AROUND_MS = 5 * 60_000;
const MOST_AROUND = 30;
const COMMAND_MS = 3_600_000;
const MOST_OF_COMMAND = 100;
/** A session's end is looked for this long after its start, and the other way round. */
const PARTNER_MS = 7 * 24 * 3_600_000;

/**
 * What stands around one call: its other row, the calls of its command, what the same person did within five minutes. Part of looking at the
 * call, which is an event.
 */
export async function listRelatedRequests(input: OneInput & { ctx: Context }): Promise<RequestAuditRelated> {
  const related = await readAudit(async (run) => {
    const row = await requireRow(run, input);
    const find = (reach: number, field: string, value: string, limit: number) =>
      readNear(run, input.scope, row, { reach, field, value, limit });
    const partner = row.stage === 0 ? [] : await find(PARTNER_MS, "auditId", row.call_id, 2);
    const command = row.session_id ? await readCommandCalls(run, row) : [];
    return {
      partner: partner.find(({ no }) => no !== row.no) ?? null,
      command,
      composed: composedOf(command),
      line: row.session_id === null ? null : await readLine(run, row),
      around: await readAround(run, row),
    };
  });
  await recordView(input.ctx, "RequestAudit", input.no);
  return related;
}

interface Near {
  reach: number;
  field: string;
  value: string;
  limit: number;
}

async function readNear(
  run: RunSql,
  scope: AuditScope,
  row: RequestRow,
  near: Near,
): Promise<RequestAuditEntry[]> {
  const query = await prepareQuery(run, {
    surface: REQUEST_SURFACE,
    scope,
    window: windowAround(row, near.reach),
    filter: { kind: "comparison", field: near.field, op: "=", values: [near.value] },
    reference: { now: row.executed_at, timeZone: "UTC" },
  });
  return toEntries(run, await readRows(run, query, { limit: near.limit }));
}

/** The calls of one command, newest first. A session's id is the client's word: only the same actor's at the same cluster, with the same token and claim, count. */
async function readCommandCalls(run: RunSql, row: RequestRow): Promise<RequestAuditEntry[]> {
  const { from, to } = windowAround(row, COMMAND_MS);
  const rows = await run<RequestRow>(
    `SELECT * FROM kube_request WHERE session_id = $1::uuid AND executed_at >= $2::timestamptz AND executed_at < $3::timestamptz
       AND actor_id = $4::int AND cluster_id = $5::int AND command_id IS NOT DISTINCT FROM $6::int AND token_id IS NOT DISTINCT FROM $7::uuid
     ORDER BY executed_at DESC, ledger_id DESC, no DESC LIMIT $8::int`,
    [row.session_id, from, to, row.actor_id, row.cluster_id, row.command_id, row.token_id, MOST_OF_COMMAND],
  );
  return toEntries(run, rows);
}

/** The web shell's own: it has the call's token, which nobody else's calls have. */
async function readLine(run: RunSql, row: RequestRow): Promise<RequestAuditRelated["line"]> {
  const { from, to } = windowAround(row, LONGEST_LINE_MS);
  const [line] = await run<NonNullable<RequestAuditRelated["line"]>>(
    `SELECT exit_code AS "exitCode", duration_ms AS "durationMs", recording_id AS "recordingId" FROM kube_command
     WHERE session_id = $1::uuid AND token_id = $2::uuid AND actor_id = $3::int AND cluster_id = $4::int
       AND started_at >= $5::timestamptz AND started_at < $6::timestamptz`,
    [row.session_id, row.token_id, row.actor_id, row.cluster_id, from, to],
  );
  return line ?? null;
}

/** The line of a command's calls, newest first; null of the web shell's, which is whole. */
function composedOf(calls: readonly RequestAuditEntry[]): string | null {
  const [newest] = calls;
  if (!newest || newest.accessMethod === "Browser") return null;
  const made = calls.flatMap(({ verb, resource, resourceName, namespace }) =>
    // Paths that are no resource (/version, /apis) are how kubectl finds its way.
    resource === null || resource.startsWith("/") ? [] : [{ verb, resource, resourceName, namespace }],
  );
  return composeCommand(newest.command, made.reverse());
}

/** The same actor's calls, half before and half after. The row was found within the scope, and so is all that its actor did. */
async function readAround(run: RunSql, row: RequestRow): Promise<RequestAuditEntry[]> {
  const { from, to } = windowAround(row, AROUND_MS);
  const rows = await run<RequestRow>(
    `(SELECT * FROM kube_request WHERE executed_at >= $1::timestamptz AND executed_at < $4::timestamptz AND actor_id = $2::int
        AND (executed_at, ledger_id, no) > ($3::timestamptz, $5::smallint, $6::bigint)
      ORDER BY executed_at, ledger_id, no LIMIT $7::int)
     UNION ALL
     (SELECT * FROM kube_request WHERE executed_at >= $1::timestamptz AND executed_at < $4::timestamptz AND actor_id = $2::int
        AND (executed_at, ledger_id, no) <= ($3::timestamptz, $5::smallint, $6::bigint)
      ORDER BY executed_at DESC, ledger_id DESC, no DESC LIMIT $7::int)`,
    [from, row.actor_id, row.executed_at, to, row.ledger_id, row.no, MOST_AROUND / 2],
  );
  rows.sort((a, b) => b.executed_at.getTime() - a.executed_at.getTime() || b.no - a.no);
  return toEntries(run, rows);
}

function windowAround({ executed_at }: RequestRow, reach: number) {
  return { from: new Date(executed_at.getTime() - reach), to: new Date(executed_at.getTime() + reach) };
}
