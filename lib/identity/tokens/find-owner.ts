import { readScopes } from "../../access/key-scopes/kept-scopes.ts";
import { issuersInEffect } from "../../config/issuer.ts";
import { config } from "../../config.ts";
import { gatewayPool } from "../../db/connection.ts";
import {
  consoleRoleOf,
  PERSON_COLUMNS,
  type PersonRow,
  personActor,
  VOUCHED_FOR,
} from "../actor/actor-row.ts";
import type { AuthenticatedToken } from "../actor/authenticated-token.ts";
import { isOpenSql, sessionLimits } from "../session-life/open-session.ts";

interface Row extends PersonRow {
  token_id: string;
  expires_at: Date;
  second_factor_at: Date | null;
  scopes: string[];
  networks: string[];
  cluster_id: string | null;
  application_id: string | null;
  application_name: string | null;
  application_console_role: string | null;
  terminal_id: string | null;
  terminal_cluster_id: string;
  session_id: string;
}

// When a token was last used is kept to the minute: a write a call would cost more than the answer is worth. Nor does a call wait for who
// holds the row: somebody is making another token with it.
const FIND = `
  with used as (
    update access_tokens set last_used_at = now(), last_used_from = coalesce($5::text, last_used_from) where id = (
      select id from access_tokens where token_hash = $1 and revoked_at is null and expires_at > now()
        and (last_used_at is null or last_used_at < now() - interval '1 minute')
        and (networks = '{}' or $5::text::inet <<= any(networks::inet[]))
      for no key update skip locked)
  )
  select t.id as token_id, t.expires_at, t.second_factor_at, t.scopes, t.networks, t.cluster_id, ${PERSON_COLUMNS},
    a.id as application_id, a.name as application_name, a.console_role as application_console_role,
    t.terminal_id, t.terminal_cluster_id, t.session_id
  from access_tokens t
  left join users u on u.id = t.user_id
  left join applications a on a.id = t.application_id
  where t.token_hash = $1 and t.revoked_at is null and t.expires_at > now() and coalesce(u.enabled, a.enabled)
    and cardinality(t.ancestors) = (
      select count(*) from access_tokens above left join users maker on maker.id = above.user_id
      where above.id = any(t.ancestors) and above.revoked_at is null
        and (maker.id is null or maker.issuer = any($2)))
    and (u.id is null or ${VOUCHED_FOR})
    and (t.terminal_id is null or exists (select 1 from sessions s where s.id = t.session_id and ${isOpenSql("$3", "$4")}))`;

/** Asks the database who a token with this hash speaks for; null where it does not count. `from` is noted as the address of its last use. */
export async function findTokenOwner(
  hash: Uint8Array,
  from: string | null = null,
): Promise<AuthenticatedToken | null> {
  const { rows } = await gatewayPool().query<Row>(FIND, [
    Buffer.from(hash),
    issuersInEffect(config()),
    ...sessionLimits(),
    from,
  ]);
  const [row] = rows;
  if (!row) return null;
  const { token_id: tokenId, expires_at: expiresAt, second_factor_at: secondFactorAt } = row;
  return {
    actor: actorOf(row),
    tokenId,
    expiresAt,
    secondFactorAt,
    ...boundsOf(row),
    ...terminalOf(row),
  };
}

function boundsOf({ scopes: kept, networks, cluster_id: clusterId }: Row) {
  const scopes = readScopes(kept);
  return {
    ...(scopes && { scopes }),
    ...(networks.length > 0 && { networks }),
    ...(clusterId !== null && { clusterId }),
  };
}

function terminalOf({ terminal_id: id, terminal_cluster_id: clusterId, session_id: sessionId }: Row) {
  return id === null ? undefined : { terminal: { id, clusterId, sessionId } };
}

function actorOf(row: Row): AuthenticatedToken["actor"] {
  if (row.application_id === null) return personActor(row);
  return {
    kind: "application",
    id: row.application_id,
    name: row.application_name ?? "",
    consoleRole: consoleRoleOf(row.application_console_role ?? ""),
  };
}
