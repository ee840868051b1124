import type { RunSql } from "../../../audit/store/sql.ts";
import { issuersInEffect } from "../../../config/issuer.ts";
import { config } from "../../../config.ts";
import type { Actor } from "../../../context.ts";

/** The values of `HELD`, for one actor. */
export function heldValues(
  actor: Actor,
): [kind: string, id: string | null, groupIds: string[], issuers: string[]] {
  const issuers = issuersInEffect(config());
  if (actor.kind === "user") return ["user", actor.id, [...actor.groupIds], issuers];
  return [actor.kind, actor.kind === "application" ? actor.id : null, [], issuers];
}

/** Grants (h) that count for an actor now, with their roles (hr): `heldValues` are $1 to $4. */
export const HELD = `
  from grants h join roles hr on hr.id = h.role_id left join groups hg on h.subject_kind = 'group' and hg.id = h.subject_id
  where h.revoked_at is null and (h.expires_at is null or h.expires_at > now())
    and ((h.subject_kind = $1::text and h.subject_id = $2::uuid)
      or (h.subject_kind = 'group' and hg.id = any($3::uuid[]) and hg.issuer = any($4::text[])))`;

/** Whether any role is granted to the actor, on any cluster. */
export async function holdsAnyRole(run: RunSql, actor: Actor): Promise<boolean> {
  const rows = await run(`select 1 as held ${HELD} limit 1`, heldValues(actor));
  return rows.length > 0;
}
