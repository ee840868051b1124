import { createHash } from "node:crypto";
import type { NextRequest } from "next/server.js";
import { database } from "../../db/connection.ts";
import { AppError } from "../../errors.ts";
import { ConcurrencyLimit } from "../../limits/concurrency-limit.ts";
import { recordFailedAuthentication } from "../failed-authentication/record.ts";
import { recordableText } from "../failed-authentication/recordable-text.ts";
import type { LogoutNotice, OAuthProvider } from "../providers/provider/identity-provider.ts";
import { findProvider } from "../providers/registry.ts";
import { anonymousContext } from "../request-context.ts";
import { endSessionsAtProvider } from "../sessions/mutations.ts";
import { readForm } from "./answers.ts";

/** What an answer about logout has to say of caches (OpenID Connect Back-Channel Logout 1.0, section 2.8). */
const HEADERS = { "cache-control": "no-store" };

/** Whoever sends one makes the provider be asked for its keys. */
const places = new ConcurrencyLimit(16);

/**
 * Takes a provider's word that a person's sessions have ended, and ends those that were begun with it (OpenID Connect Back-Channel Logout 1.0). A
 * word that does not count is a failed authentication.
 */
export async function takeLogoutToken(request: NextRequest, providerId: string): Promise<Response> {
  const provider = findProvider(providerId);
  if (provider?.flow !== "oauth")
    throw new AppError("not_found", "There is no identity provider with that id.");
  const { logout_token: token = "" } = await readForm(request);
  const ctx = anonymousContext(request.headers);
  const leave = places.take("");
  if (leave === null)
    throw new AppError("unavailable", "Many logout tokens came at once. Try again in a moment.");
  let notice: LogoutNotice;
  try {
    notice = await provider.readLogoutToken(token);
    await spend(provider, notice);
  } catch (error) {
    const reason = recordableText((error as Error).message);
    await recordFailedAuthentication(ctx, { error: reason, provider: provider.id });
    return Response.json(
      { error: "invalid_request", error_description: reason },
      { status: 400, headers: HEADERS },
    );
  } finally {
    leave();
  }
  const { sessionId, subject } = notice;
  await endSessionsAtProvider({
    ctx,
    input: { provider: provider.id, issuer: provider.issuer, sessionId, subject },
  });
  return new Response(null, { status: 200, headers: HEADERS });
}

/** A word counts once: said again, it would end sessions that were begun after it. */
async function spend({ issuer }: OAuthProvider, { id, expiresAt }: LogoutNotice): Promise<void> {
  const key = createHash("sha256").update(`${issuer}\n${id}`, "utf8").digest("hex");
  await database().$executeRaw`delete from spent_logout_tokens where expires_at < now()`;
  const { count } = await database().spentLogoutToken.createMany({
    data: [{ id: key, expiresAt }],
    skipDuplicates: true,
  });
  if (count === 0) throw new Error("the logout token was taken before");
}
