import { issuersInEffect } from "../../../config/issuer.ts";
import { config } from "../../../config.ts";
import type { Context } from "../../../context.ts";
import { gatewayPool } from "../../../db/connection.ts";
import { AppError } from "../../../errors.ts";
import { recordFailedAuthentication } from "../../failed-authentication/record.ts";
import { anonymousContext } from "../../request-context.ts";
import { hashCredential, isWellFormed } from "../../tokens/format.ts";

/** A SCIM client: as whom it acts, and the identity provider whose people and groups it may read and write, and no other's. */
export interface ScimClient {
  tokenId: string;
  issuer: string;
  ctx: Context;
}

interface Row {
  id: string;
  name: string;
  issuer: string;
}

// When it was last used is kept to the minute.
const FIND = `
  with used as (
    update scim_tokens set last_used_at = now() where id = (
      select id from scim_tokens where token_hash = $1 and revoked_at is null
        and (last_used_at is null or last_used_at < now() - interval '1 minute')
      for no key update skip locked)
  )
  select id, name, issuer from scim_tokens
  where token_hash = $1 and revoked_at is null and (expires_at is null or expires_at > now()) and issuer = any($2)`;

/**
 * Who asks by SCIM. A token that does not count is a failed authentication.
 * @throws AppError `unauthenticated`
 */
export async function authenticateScim(headers: Headers): Promise<ScimClient> {
  const ctx = anonymousContext(headers);
  const token = /^bearer +(\S+)$/i.exec(headers.get("authorization")?.trim() ?? "")?.[1];
  if (token === undefined) throw await refused(ctx, "the request brings no bearer token for SCIM");
  const row = isWellFormed("scimToken", token) ? await find(token) : undefined;
  if (!row) throw await refused(ctx, "the SCIM token is unknown, expired or revoked");
  const { id, name, issuer } = row;
  return { tokenId: id, issuer, ctx: { ...ctx, actor: { kind: "system", name: `SCIM: ${name}` } } };
}

async function find(token: string): Promise<Row | undefined> {
  const values = [Buffer.from(hashCredential(token)), issuersInEffect(config())];
  return (await gatewayPool().query<Row>(FIND, values)).rows[0];
}

async function refused(ctx: Context, error: string): Promise<AppError> {
  await recordFailedAuthentication(ctx, { error });
  return new AppError(
    "unauthenticated",
    "Send a SCIM token that counts, as: Bearer kwp_... An administrator makes one in the console.",
  );
}
