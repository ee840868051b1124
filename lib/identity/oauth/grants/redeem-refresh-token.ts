import type { CommandLineLogin } from "../../../../prisma/generated/client.ts";
import { recordEvent } from "../../../audit/events/record.ts";
import { issuersInEffect } from "../../../config/issuer.ts";
import { config } from "../../../config.ts";
import type { Context } from "../../../context.ts";
import type { Transaction } from "../../../db/client.ts";
import { networkOf } from "../../../http/ip-address.ts";
import { takeTokenRequest } from "../../application-tokens/request-rate.ts";
import { TokenRequestError } from "../../application-tokens/token-request.ts";
import { revokeTokens } from "../../credential-chain/chain.ts";
import { isLoginOpen } from "../../login-life/login-limits.ts";
import { writeLoginEnd } from "../../logins/write-end.ts";
import { actingAs, WITH_GROUPS } from "../../people/data.ts";
import { viewToken } from "../../tokens/data.ts";
import { hashCredential, hashesMatch } from "../../tokens/format.ts";
import { answerOf } from "./begin-login.ts";
import { type AskedToken, issueAccessToken } from "./issue-access-token.ts";
import { createRefreshToken, familyHashOf } from "./refresh-token.ts";
import { Refused, Unknown } from "./refused.ts";
import type { Target } from "./target.ts";
import type { LoginTokens } from "./token-answer.ts";

/** So long the token before may come again where the answer to it was lost. */
const LOST_WITHIN_MS = 30_000;

export interface RefreshGrant extends AskedToken {
  kind: "refresh_token";
  refreshToken: string;
}

/** Reads RFC 6749, section 6. @throws TokenRequestError `invalid_request` */
export function readRefreshGrant(parameters: ReadonlyMap<string, string>, asked: AskedToken): RefreshGrant {
  const refreshToken = parameters.get("refresh_token");
  if (refreshToken === undefined) throw new TokenRequestError("invalid_request", "refresh_token is missing");
  return { kind: "refresh_token", refreshToken, ...asked };
}

/**
 * A refresh token for an access token and the next refresh token. Any other of its login's that comes, however old, says that two have them: the login ends
 * (RFC 9700, section 4.14.2). The one before may come once more where its answer was lost (docs/decisions/0193).
 */
export async function redeemRefreshToken(
  tx: Transaction,
  ctx: Context,
  { refreshToken, ...asked }: RefreshGrant,
  target: Target,
): Promise<LoginTokens | Refused> {
  const familyHash = familyHashOf(refreshToken);
  const login = familyHash && (await holdLogin(tx, familyHash));
  if (!login) return new Unknown("The refresh token is unknown. Sign in again.");
  const presented = hashCredential(refreshToken);
  const isCurrent = hashesMatch(login.tokenHash, presented);
  if (!isCurrent && !(await isLostAnswer(tx, ctx, { login, presented }))) {
    await writeLoginEnd(tx, ctx, { login, reason: "a refresh token of it came again that was used before" });
    return new Refused("The refresh token was used before: its login has ended. Sign in again.");
  }
  if (!(await isOpen(tx, login))) return new Refused("The login has ended. Sign in again.");
  takeTokenRequest(login.id);
  return rotate(tx, ctx, { login, presented, refreshToken, asked, target });
}

interface Rotation {
  login: CommandLineLogin;
  presented: Uint8Array<ArrayBuffer>;
  refreshToken: string;
  asked: AskedToken;
  target: Target;
}

async function rotate(
  tx: Transaction,
  ctx: Context,
  { login, presented, refreshToken, asked, target }: Rotation,
): Promise<LoginTokens> {
  const next = createRefreshToken(refreshToken);
  const isRepeat = !hashesMatch(login.tokenHash, presented);
  await tx.commandLineLogin.update({
    where: { id: login.id },
    data: {
      tokenHash: next.tokenHash,
      previousHash: presented,
      rotatedAt: isRepeat ? login.rotatedAt : new Date(),
      lastUsedAt: new Date(),
      lastUsedFrom: ctx.sourceIp,
    },
  });
  const person = await tx.user.findUniqueOrThrow({ where: { id: login.userId }, include: WITH_GROUPS });
  const own = actingAs(ctx, person);
  const issued = await issueAccessToken(tx, { login, asked, target });
  await recordEvent(tx, own, {
    action: "Create",
    entityType: "ApiKey",
    entityId: issued.row.id,
    entityName: issued.row.name,
    after: { ...viewToken(issued.row), userId: login.userId, loginId: login.id },
  });
  return answerOf(issued, next.token);
}

/** Whoever redeems another of its tokens at the same moment waits. */
async function holdLogin(
  tx: Transaction,
  familyHash: Uint8Array<ArrayBuffer>,
): Promise<CommandLineLogin | null> {
  await tx.$queryRaw`select 1 from command_line_logins where family_hash = ${familyHash} for update`;
  return tx.commandLineLogin.findUnique({ where: { familyHash } });
}

async function isOpen(tx: Transaction, { id }: CommandLineLogin): Promise<boolean> {
  const open = await tx.$queryRaw<unknown[]>`
    select 1 from command_line_logins l join users u on u.id = l.user_id
    where l.id = ${id}::uuid and ${isLoginOpen()} and u.enabled and u.issuer = any(${issuersInEffect(config())}::text[])`;
  return open.length > 0;
}

/** Whether the answer to the token before can have been lost: it comes again at once, from the same network, and nothing of that answer was used. What it brought stops to count. */
async function isLostAnswer(
  tx: Transaction,
  ctx: Context,
  { login, presented }: Pick<Rotation, "login" | "presented">,
): Promise<boolean> {
  const { previousHash, rotatedAt, lastUsedFrom } = login;
  if (previousHash === null || rotatedAt === null || !hashesMatch(previousHash, presented)) return false;
  if (Date.now() - rotatedAt.getTime() > LOST_WITHIN_MS) return false;
  if (networkOf(lastUsedFrom) !== networkOf(ctx.sourceIp)) return false;
  const brought = { loginId: login.id, createdAt: { gte: rotatedAt } };
  if ((await tx.accessToken.count({ where: { ...brought, lastUsedAt: { not: null } } })) > 0) return false;
  await revokeTokens(tx, brought);
  return true;
}
