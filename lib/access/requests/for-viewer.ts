import type { RunSql } from "../../audit/store/sql.ts";
import type { Context } from "../../context.ts";
import type { Transaction } from "../../db/client.ts";
import { hasPermission } from "../permission.ts";
import { type RequestRow, selectRequests, viewRequest } from "./find.ts";
import { heldValues } from "./rights/holds-role.ts";
import { approverValues, HOLDS_APPROVER } from "./rights/may-answer.ts";
import { readRequestRules } from "./rights/request-rules.ts";
import type { AccessRequestForViewer } from "./schema.ts";

export interface ViewedRow extends RequestRow {
  own: boolean;
  answers: boolean;
}

/** Requests with what the viewer is to them: `own`, and `answers` where they may answer it. $1 to $8 are `viewerValues`. */
export const VIEWED = selectRequests([
  "($7::uuid is not null and ar.user_id = $7::uuid) as own",
  `($7::uuid is null or ar.user_id <> $7::uuid) and ($8::boolean or ${HOLDS_APPROVER}) as answers`,
]);

/** Who looks, for `VIEWED`. */
export async function viewerValues(db: Pick<Transaction, "role">, ctx: Context): Promise<unknown[]> {
  const { actor } = ctx;
  const own = actor.kind === "user" ? actor.id : null;
  const rules = await readRequestRules(db);
  return [...heldValues(actor), ...approverValues(rules), own, hasPermission(ctx, "access:write")];
}

/** One request as the viewer may see it; null where they may not, or there is none. */
export async function findForViewer(
  run: RunSql,
  ctx: Context,
  { id, viewer }: { id: string; viewer: unknown[] },
): Promise<AccessRequestForViewer | null> {
  const [row] = await run<ViewedRow>(`${VIEWED} where ar.id = $9::uuid`, [...viewer, id]);
  if (row === undefined) return null;
  const seen = row.own || row.answers || hasPermission(ctx, "requests:read");
  return seen ? viewForViewer(ctx, row) : null;
}

export function viewForViewer(ctx: Context, row: ViewedRow): AccessRequestForViewer {
  const ends = row.own || row.answers || hasPermission(ctx, "access:write");
  return {
    ...viewRequest(row),
    own: row.own,
    mayAnswer: row.state === "open" && row.answers,
    mayEnd: row.state === "active" && ends,
  };
}
