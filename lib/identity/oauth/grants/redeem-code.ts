import { createHash } from "node:crypto";
import { readScopes } from "../../../access/key-scopes/kept-scopes.ts";
import type { Context } from "../../../context.ts";
import type { Transaction } from "../../../db/client.ts";
import { TokenRequestError } from "../../application-tokens/token-request.ts";
import { writeLoginEnd } from "../../logins/write-end.ts";
import { hashCredential, hashesMatch, isWellFormed } from "../../tokens/format.ts";
import { beginLogin } from "./begin-login.ts";
import type { AskedToken } from "./issue-access-token.ts";
import { Refused, Unknown } from "./refused.ts";
import type { Target } from "./target.ts";
import type { LoginTokens } from "./token-answer.ts";

const VERIFIER = /^[A-Za-z0-9._~-]{43,128}$/;

export interface CodeGrant extends AskedToken {
  kind: "authorization_code";
  code: string;
  redirectUri: string;
  verifier: string;
}

/** Reads RFC 6749, section 4.1.3 and RFC 7636, section 4.5. @throws TokenRequestError `invalid_request` */
export function readCodeGrant(parameters: ReadonlyMap<string, string>, asked: AskedToken): CodeGrant {
  const [code, redirectUri, verifier] = ["code", "redirect_uri", "code_verifier"].map((name) => {
    const value = parameters.get(name);
    if (value === undefined) throw new TokenRequestError("invalid_request", `${name} is missing`);
    return value;
  }) as [string, string, string];
  return { kind: "authorization_code", code, redirectUri, verifier, ...asked };
}

/**
 * A code for tokens. It counts once, right or wrong; one that comes again ends what was made of it (RFC 6749, section 4.1.2).
 * @returns what is wrong in place of throwing it, where something is to be kept of it.
 */
export async function redeemCode(
  tx: Transaction,
  ctx: Context,
  { code, redirectUri, verifier, ...asked }: CodeGrant,
  target: Target,
): Promise<LoginTokens | Refused> {
  const row = isWellFormed("authorizationCode", code) ? await takeCode(tx, code) : null;
  if (row === null) return new Unknown("The code is unknown or has expired.");
  if (row.used) {
    const login =
      row.loginId === null ? null : await tx.commandLineLogin.findUnique({ where: { id: row.loginId } });
    if (login) await writeLoginEnd(tx, ctx, { login, reason: "its authorization code came again" });
    return new Refused("The code was used before; what was made of it has ended. Sign in again.");
  }
  if (row.expired) return new Refused("The code is unknown or has expired.");
  if (row.redirect_uri !== redirectUri)
    return new Refused("redirect_uri is not the one that the code was asked for with.");
  if (!VERIFIER.test(verifier) || !isVerified(row.code_challenge, verifier))
    return new Refused("code_verifier is not the one that the code was asked for with.");
  const { tokens, loginId } = await beginLogin(tx, ctx, {
    approved: {
      userId: row.user_id,
      sessionId: row.session_id,
      secondFactorAt: row.second_factor_at,
      scopes: readScopes(row.scopes),
      name: row.name,
      flow: "code",
    },
    asked,
    target,
  });
  await tx.authorizationCode.update({ where: { id: row.id }, data: { loginId } });
  return tokens;
}

interface TakenCode {
  id: string;
  user_id: string;
  session_id: string;
  second_factor_at: Date | null;
  scopes: string[];
  name: string;
  redirect_uri: string;
  code_challenge: string;
  loginId: string | null;
  used: boolean;
  expired: boolean;
}

/** Whoever comes first has it; the others wait, and find it used. */
async function takeCode(tx: Transaction, code: string): Promise<TakenCode | null> {
  const [row] = await tx.$queryRaw<TakenCode[]>`
    select id, user_id, session_id, second_factor_at, scopes, name, redirect_uri, code_challenge, login_id as "loginId",
      used_at is not null as used, expires_at <= now() as expired
    from authorization_codes where code_hash = ${hashCredential(code)} for update`;
  if (!row) return null;
  if (!row.used) await tx.authorizationCode.update({ where: { id: row.id }, data: { usedAt: new Date() } });
  return row;
}

/** RFC 7636, section 4.6: S256. */
function isVerified(challenge: string, verifier: string): boolean {
  return hashesMatch(
    new Uint8Array(Buffer.from(challenge, "base64url")),
    new Uint8Array(createHash("sha256").update(verifier, "ascii").digest()),
  );
}
