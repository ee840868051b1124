import type { NextRequest } from "next/server.js";
import { config } from "../../config.ts";
import { recordFailedAuthentication } from "../failed-authentication/record.ts";
import { recordableText } from "../failed-authentication/recordable-text.ts";
import { type OAuthProvider, ProviderUnreachable } from "../providers/provider/identity-provider.ts";
import { findProvider } from "../providers/registry.ts";
import { anonymousContext } from "../request-context.ts";
import { redirectTo } from "./answers.ts";
import { type Attempt, newAttempt } from "./attempt.ts";
import { attemptCookies, isAttemptId } from "./attempt-cookies.ts";
import { askNextAuth } from "./next-auth.ts";
import { signInOptions } from "./options.ts";
import { readReturnPath } from "./return-path.ts";
import { finishSaml } from "./saml.ts";
import { signInPage, UNREACHABLE } from "./sign-in-page.ts";

const NOT_BEGUN_HERE =
  "this browser did not begin this sign-in (state), or not with this identity provider, or more than an hour ago";

/** The browser comes back from the identity provider: the sign-in ends with a session, or with an event that says why not. */
export async function finishSignIn(request: NextRequest, providerId: string): Promise<Response> {
  const provider = findProvider(providerId);
  if (provider?.flow === "saml") return finishSaml({ request, provider });
  if (provider?.flow !== "oauth") {
    return refuse(request, { error: "the answer is of an identity provider that is not configured" });
  }
  const id = begunHere(request, provider);
  const returnPath = id === null ? "/" : await readReturnPath(id);
  const answered = answeredError(request);
  if (answered !== null) return refuse(request, { error: answered, provider: provider.id, returnPath });
  if (id === null) return refuse(request, { error: NOT_BEGUN_HERE, provider: provider.id, returnPath });
  const attempt = newAttempt(request, { provider, id });
  const { error, cookies } = await run(request, attempt);
  if (attempt.succeeded) {
    return redirectTo({ location: new URL(returnPath, config().publicUrl).href, cookies });
  }
  await recordFailure(attempt, error);
  return redirectTo({ location: signInPage({ error, provider: provider.id, returnPath }), cookies });
}

/** The attempt that the answer is to, where this browser began it, lately, with this provider; null otherwise. */
function begunHere({ nextUrl, cookies }: NextRequest, { id: provider }: OAuthProvider): string | null {
  const id = nextUrl.searchParams.get("state");
  if (!isAttemptId(id)) return null;
  const secure = config().publicUrl.startsWith("https://");
  return cookies.has(attemptCookies({ id, provider }, { secure }).pkceCodeVerifier.name) ? id : null;
}

/** What the provider answers instead of a code (RFC 6749, section 4.1.2.1), as events tell it. */
function answeredError({ nextUrl: { searchParams } }: NextRequest): string | null {
  const error = searchParams.get("error");
  if (error === null) return null;
  const parts = [error, searchParams.get("error_description")].filter(Boolean);
  return recordableText(`the identity provider answers ${parts.join(": ")}`);
}

/** Refuses an answer that is not looked at any further; `error`: why, in the words of Event History. */
async function refuse(
  request: NextRequest,
  { error, provider, returnPath }: { error: string; provider?: string; returnPath?: string },
): Promise<Response> {
  await recordFailedAuthentication(anonymousContext(request.headers), { error, provider });
  return redirectTo({ location: signInPage({ error: "OAuthCallback", provider, returnPath }) });
}

/** `error`: what the page says where no session began. */
async function run(
  request: NextRequest,
  attempt: Attempt,
): Promise<{ error: string; cookies: readonly string[] }> {
  try {
    const options = await signInOptions(attempt, "finish");
    const { location, cookies } = await askNextAuth(request, ["callback", attempt.provider.id], options);
    return { error: errorOf(location), cookies };
  } catch (error) {
    if (!(error instanceof ProviderUnreachable)) throw error;
    attempt.failure = recordableText(error.message);
    return { error: UNREACHABLE, cookies: [] };
  }
}

/** What next-auth, or a callback of ours, says in the address that it leads to. */
function errorOf(location: string | null): string {
  const { searchParams } = new URL(location ?? "/", config().publicUrl);
  return searchParams.get("error") ?? "Callback";
}

/** Of what next-auth refuses by itself, before the provider's answer is looked at, nothing is told but this. */
async function recordFailure({ ctx, provider, claimed, failure }: Attempt, code: string): Promise<void> {
  const actor = { kind: "anonymous" as const, claimed: claimed ?? undefined };
  const error = failure ?? `the sign-in ended with ${code}: its cookies were not accepted`;
  await recordFailedAuthentication({ ...ctx, actor }, { entityName: claimed, error, provider: provider.id });
}
