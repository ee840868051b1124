import { keepScopes } from "../../../access/key-scopes/kept-scopes.ts";
import type { Scope } from "../../../access/key-scopes/schema.ts";
import { recordEvent } from "../../../audit/events/record.ts";
import { issuersInEffect } from "../../../config/issuer.ts";
import { config } from "../../../config.ts";
import type { Context } from "../../../context.ts";
import type { Transaction } from "../../../db/client.ts";
import { TokenRequestError } from "../../application-tokens/token-request.ts";
import { isLoginOpen, loginLimits } from "../../login-life/login-limits.ts";
import { actingAs, WITH_GROUPS } from "../../people/data.ts";
import { isOpenFragment } from "../../session-life/open-session.ts";
import { COMMAND_LINE_CLIENT } from "../client/schema.ts";
import { type AskedToken, issueAccessToken } from "./issue-access-token.ts";
import { createRefreshToken } from "./refresh-token.ts";
import type { Target } from "./target.ts";
import type { LoginTokens } from "./token-answer.ts";

/** So many of one person may count at once: all of them are listed, and can be ended. */
export const MOST_LOGINS = 50;
/** So long one that has ended is kept: a refresh token of it that comes again is still known. */
const KEPT_DAYS = 30;

export interface ApprovedLogin {
  userId: string;
  sessionId: string;
  secondFactorAt: Date | null;
  scopes: readonly Scope[] | null;
  name: string;
  flow: "code" | "device";
}

/**
 * The login that somebody approved, its first tokens and its event, within the caller's transaction. The session that it was approved in has to be open still, and
 * the person enabled: whoever ends either comes before the login, or finds it.
 * @throws TokenRequestError `invalid_grant`, `invalid_scope`, `invalid_target`
 */
export async function beginLogin(
  tx: Transaction,
  ctx: Context,
  { approved, asked, target }: { approved: ApprovedLogin; asked: AskedToken; target: Target },
): Promise<{ loginId: string; tokens: LoginTokens }> {
  await holdApproved(tx, approved);
  const refresh = createRefreshToken();
  const login = await tx.commandLineLogin.create({
    data: {
      userId: approved.userId,
      sessionId: approved.sessionId,
      secondFactorAt: approved.secondFactorAt,
      name: approved.name,
      flow: approved.flow,
      scopes: keepScopes(approved.scopes),
      familyHash: refresh.familyHash,
      tokenHash: refresh.tokenHash,
      userAgent: ctx.userAgent,
      createdFrom: ctx.sourceIp,
      lastUsedFrom: ctx.sourceIp,
      expiresAt: new Date(Date.now() + loginLimits().lifetimeMs),
    },
  });
  const person = await tx.user.findUniqueOrThrow({ where: { id: approved.userId }, include: WITH_GROUPS });
  const own = actingAs(ctx, person);
  const issued = await issueAccessToken(tx, { login, asked, target });
  await recordEvent(tx, own, {
    action: "Login",
    entityType: "Login",
    entityId: person.id,
    entityName: person.email,
    requestBody: { client: COMMAND_LINE_CLIENT, flow: approved.flow, name: approved.name },
    after: {
      loginId: login.id,
      tokenId: issued.row.id,
      cluster: issued.row.clusterName,
      expiresAt: login.expiresAt.toISOString(),
      scopes: issued.scopes,
    },
  });
  return { loginId: login.id, tokens: answerOf(issued, refresh.token) };
}

/** RFC 6749, section 5.1. */
export function answerOf(
  { token, expiresIn, scopes }: Awaited<ReturnType<typeof issueAccessToken>>,
  refreshToken: string,
): LoginTokens {
  const scope = scopes === null ? {} : { scope: scopes.join(" ") };
  return {
    access_token: token,
    token_type: "Bearer",
    expires_in: expiresIn,
    refresh_token: refreshToken,
    ...scope,
  };
}

async function holdApproved(tx: Transaction, { userId, sessionId }: ApprovedLogin): Promise<void> {
  const person = await tx.$queryRaw<unknown[]>`
    select 1 from users where id = ${userId}::uuid and enabled and issuer = any(${issuersInEffect(config())}::text[]) for update`;
  const session = await tx.$queryRaw<unknown[]>`
    select 1 from sessions s where s.id = ${sessionId}::uuid and ${isOpenFragment()} for share`;
  if (person.length === 0 || session.length === 0) {
    throw new TokenRequestError(
      "invalid_grant",
      "The console session that approved this has ended, or the person may not sign in any more. Begin anew.",
    );
  }
  await tx.commandLineLogin.deleteMany({
    where: { userId, OR: [{ endedAt: { lt: longAgo() } }, { expiresAt: { lt: longAgo() } }] },
  });
  const [counting] = await tx.$queryRaw<{ count: bigint }[]>`
    select count(*) from command_line_logins l where l.user_id = ${userId}::uuid and ${isLoginOpen()}`;
  if (Number(counting?.count ?? 0) < MOST_LOGINS) return;
  throw new TokenRequestError(
    "invalid_grant",
    `At most ${MOST_LOGINS} logins of a person count at once. End those that are not needed (My sessions and tokens).`,
  );
}

const longAgo = () => new Date(Date.now() - KEPT_DAYS * 86_400_000);
