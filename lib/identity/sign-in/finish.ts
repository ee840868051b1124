import type { NextRequest } from "next/server.js";
import { config } from "../../config.ts";
import { recordFailedAuthentication } from "../failed-authentication/record.ts";
import { recordableText } from "../failed-authentication/recordable-text.ts";
import { type IdentityProvider, ProviderUnreachable } from "../providers/provider/identity-provider.ts";
import { findProvider } from "../providers/registry.ts";
import { anonymousContext } from "../request-context.ts";
import { redirectTo } from "./answers.ts";
import { type Attempt, newAttempt } from "./attempt.ts";
import { attemptCookies, isAttemptId } from "./attempt-cookies.ts";
import { askNextAuth } from "./next-auth.ts";
import { signInOptions } from "./options.ts";
import { readReturnPath } from "./return-path.ts";
import { signInPage } from "./sign-in-page.ts";

/** The browser comes back from the identity provider: the sign-in ends with a session, or with an event that says why not. */
export async function finishSignIn(request: NextRequest, providerId: string): Promise<Response> {
  const provider = findProvider(providerId);
  const id = provider && begunHere(request, provider);
  const returnPath = id ? await readReturnPath(id) : "/";
  const refusal = refusalOf(request, { provider, id });
  if (refusal !== null || provider === null || id === null) {
    const error = refusal ?? "";
    await recordFailedAuthentication(anonymousContext(request.headers), { error, provider: provider?.id });
    return redirectTo({
      location: signInPage({ error: "OAuthCallback", provider: provider?.id, returnPath }),
    });
  }
  const attempt = newAttempt(request, { provider, id });
  const { location, cookies } = await run(request, attempt);
  if (attempt.succeeded) {
    return redirectTo({ location: new URL(returnPath, config().publicUrl).href, cookies });
  }
  const error = errorOf(location);
  await recordFailure(attempt, error);
  return redirectTo({ location: signInPage({ error, provider: provider.id, returnPath }), cookies });
}

/** The attempt that the answer is to, where this browser began it, lately, with this provider; null otherwise. */
function begunHere({ nextUrl, cookies }: NextRequest, { id: provider }: IdentityProvider): string | null {
  const id = nextUrl.searchParams.get("state");
  if (!isAttemptId(id)) return null;
  const secure = config().publicUrl.startsWith("https://");
  return cookies.has(attemptCookies({ id, provider }, { secure }).pkceCodeVerifier.name) ? id : null;
}

function refusalOf(
  { nextUrl: { searchParams } }: NextRequest,
  { provider, id }: { provider: IdentityProvider | null; id: string | null },
): string | null {
  if (provider === null) return "the answer is of an identity provider that is not configured";
  const error = searchParams.get("error");
  const description = searchParams.get("error_description");
  if (error !== null) {
    return recordableText(`the identity provider answers ${[error, description].filter(Boolean).join(": ")}`);
  }
  if (id !== null) return null;
  return "this browser did not begin this sign-in (state), or not with this identity provider, or more than an hour ago";
}

async function run(
  request: NextRequest,
  attempt: Attempt,
): Promise<{ location: string | null; cookies: readonly string[] }> {
  try {
    const options = await signInOptions(attempt, "finish");
    return await askNextAuth(request, ["callback", attempt.provider.id], options);
  } catch (error) {
    if (!(error instanceof ProviderUnreachable)) throw error;
    attempt.failure = recordableText(error.message);
    return { location: signInPage({ error: "OAuthSignin" }), cookies: [] };
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
