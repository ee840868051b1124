import type { AccessToken, CommandLineLogin } from "../../../../prisma/generated/client.ts";
import { commonScopes, keepScopes, readScopes } from "../../../access/key-scopes/kept-scopes.ts";
import { KUBERNETES, type Scope } from "../../../access/key-scopes/schema.ts";
import { config } from "../../../config.ts";
import type { Transaction } from "../../../db/client.ts";
import { requestedScopes } from "../../application-tokens/requested-scopes.ts";
import { TokenRequestError } from "../../application-tokens/token-request.ts";
import { loginLimits } from "../../login-life/login-limits.ts";
import { createCredential, hashCredential } from "../../tokens/format.ts";
import type { Target } from "./target.ts";

/** So many access tokens of one login may count at once: one for each cluster that somebody works with, and more. */
const MOST_COUNTING = 300;
/** So long one that counts no more is kept. */
const KEPT_MS = 86_400_000;

export interface AskedToken {
  /** The cluster that it is to count for alone (RFC 8707). */
  resource?: string;
  scope?: string;
}

export interface IssuedAccessToken {
  row: AccessToken;
  token: string;
  expiresIn: number;
  scopes: readonly Scope[] | null;
}

/**
 * Makes an access token of a login: with its scopes at the most, its session and second factor, and never longer than it lasts.
 * `target`: the cluster that it is to count for alone.
 * @throws TokenRequestError `invalid_scope`, `invalid_target`, `temporarily_unavailable`
 */
export async function issueAccessToken(
  tx: Transaction,
  { login, asked, target }: { login: CommandLineLogin; asked: AskedToken; target: Target },
): Promise<IssuedAccessToken> {
  await requireRoom(tx, login);
  if (target instanceof TokenRequestError) throw target;
  const cluster = target;
  const scopes = scopesOf(login, asked.scope, cluster !== null);
  const token = createCredential("token");
  const now = Date.now();
  const end = Math.min(login.expiresAt.getTime(), login.createdAt.getTime() + loginLimits().lifetimeMs);
  const expiresAt = new Date(Math.min(now + config().commandLine.tokenLifetimeMs, end));
  const row = await tx.accessToken.create({
    data: {
      userId: login.userId,
      loginId: login.id,
      name: `command line on ${login.name}`,
      tokenHash: hashCredential(token),
      sessionId: login.sessionId,
      secondFactorAt: login.secondFactorAt,
      scopes: keepScopes(scopes),
      clusterId: cluster?.id ?? null,
      clusterName: cluster?.name ?? null,
      expiresAt,
    },
  });
  return { row, token, expiresIn: Math.max(1, Math.floor((expiresAt.getTime() - now) / 1_000)), scopes };
}

async function requireRoom(tx: Transaction, { id: loginId }: CommandLineLogin): Promise<void> {
  await tx.accessToken.deleteMany({ where: { loginId, expiresAt: { lt: new Date(Date.now() - KEPT_MS) } } });
  const counting = { loginId, revokedAt: null, expiresAt: { gt: new Date() } };
  if ((await tx.accessToken.count({ where: counting })) < MOST_COUNTING) return;
  throw new TokenRequestError(
    "temporarily_unavailable",
    `At most ${MOST_COUNTING} access tokens of one login count at once. Use those that there are until they expire.`,
  );
}

/** A cluster's token is for calls to it alone. */
function scopesOf(
  login: CommandLineLogin,
  scope: string | undefined,
  ofCluster: boolean,
): readonly Scope[] | null {
  const scopes = requestedScopes(scope, readScopes(login.scopes));
  if (!ofCluster) return scopes;
  const common = commonScopes(scopes, [KUBERNETES]);
  if (common!.length > 0) return common;
  throw new TokenRequestError(
    "invalid_scope",
    `The login lacks the scope ${KUBERNETES}, which a cluster's token needs.`,
  );
}
