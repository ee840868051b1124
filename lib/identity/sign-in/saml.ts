import { stringifySetCookie } from "cookie";
import type { NextRequest } from "next/server.js";
import { config } from "../../config.ts";
import { AppError } from "../../errors.ts";
import { MOST_SAML_ANSWER_BYTES } from "../../limits/body-sizes.ts";
import { log } from "../../log.ts";
import { recordFailedAuthentication } from "../failed-authentication/record.ts";
import { recordableText } from "../failed-authentication/recordable-text.ts";
import {
  type ProviderIdentity,
  ProviderUnreachable,
  type SamlProvider,
} from "../providers/provider/identity-provider.ts";
import { anonymousContext, readSessionCookie } from "../request-context.ts";
import { requireSameOrigin } from "../same-origin.ts";
import { AUTH_PATH, answerForm, type Form, readForm, redirectTo } from "./answers.ts";
import { attemptCookies, endOldAttempts, isAttemptId, newAttemptId } from "./attempt-cookies.ts";
import { beginSession } from "./begin-session.ts";
import { admitPerson } from "./mutations.ts";
import { SignInRefused } from "./refused.ts";
import { keepReturnPath, readReturnPath } from "./return-path.ts";
import { keepSamlAnswer, keepSamlRequest, spendSamlRequest, takeSamlAnswer } from "./saml-requests.ts";
import { signInPage, UNREACHABLE } from "./sign-in-page.ts";
import { unlessUnreachable } from "./unless-unreachable.ts";

const NOT_ASKED =
  "the answer is to no request of this installation's, or was given before, or more than an hour after it was asked for (a sign-in that begins at the identity provider is not taken)";
const NOT_BEGUN_HERE =
  "this browser did not begin this sign-in, or not with this identity provider, or its answer was taken before";

const isSecure = () => config().publicUrl.startsWith("https://");

/** What a step of a sign-in with a SAML provider is about. */
interface Step {
  request: NextRequest;
  provider: SamlProvider;
}

/** Begins to sign in: answers with the address of the identity provider, and with a cookie that says who began. */
export async function beginSaml(
  { request, provider }: Step,
  form: Form,
  returnPath: string,
): Promise<Response> {
  requireSameOrigin(request, config().publicUrl);
  const attemptId = newAttemptId();
  const asked = await unlessUnreachable(provider.id, () => provider.requestSignIn(attemptId));
  if (asked === null) {
    const location = signInPage({ error: UNREACHABLE, provider: provider.id, returnPath });
    return answerForm(form, { location });
  }
  await keepSamlRequest({ attemptId, provider: provider.id }, asked.request);
  await keepReturnPath(attemptId, returnPath);
  const secure = isSecure();
  const { begun } = attemptCookies({ id: attemptId, provider: provider.id }, { secure });
  const names = request.cookies.getAll().map(({ name }) => name);
  const cookies = [
    stringifySetCookie({ name: begun.name, value: "1", ...begun.options }),
    ...endOldAttempts(names, { secure }),
  ];
  return answerForm(form, { location: asked.location, cookies });
}

/**
 * The identity provider's answer, which a browser posts from the provider's page: without this console's cookies, since it comes from
 * another site. It is checked, kept, and taken by the request after it, which brings the cookie of who began.
 */
export async function takeSamlResponse({ request, provider }: Step): Promise<Response> {
  const { SAMLResponse: encoded = "", RelayState: attemptId = "" } = await readForm(
    request,
    MOST_SAML_ANSWER_BYTES,
  );
  const question = isAttemptId(attemptId)
    ? await spendSamlRequest({ attemptId, provider: provider.id })
    : null;
  if (question === null) return refuse({ request, provider }, { error: NOT_ASKED, code: "OAuthCallback" });
  try {
    await keepSamlAnswer(attemptId, await provider.identify({ encoded, request: question }));
  } catch (error) {
    const code = error instanceof ProviderUnreachable ? UNREACHABLE : "OAuthCallback";
    const returnPath = await readReturnPath(attemptId);
    return refuse({ request, provider }, { error: (error as Error).message, code, returnPath });
  }
  const next = new URL(`${AUTH_PATH}callback/${provider.id}`, config().publicUrl);
  next.searchParams.set("state", attemptId);
  return redirectTo({ location: next.href });
}

/** The browser comes for the answer: where it began the attempt, the sign-in ends with a session. */
export async function finishSaml({ request, provider }: Step): Promise<Response> {
  const attemptId = begunHere({ request, provider });
  const identity = attemptId === null ? null : await takeSamlAnswer({ attemptId, provider: provider.id });
  if (attemptId === null || identity === null) {
    return refuse({ request, provider }, { error: NOT_BEGUN_HERE, code: "OAuthCallback" });
  }
  const returnPath = await readReturnPath(attemptId);
  try {
    const cookie = await admit({ request, provider }, identity);
    return redirectTo({ location: new URL(returnPath, config().publicUrl).href, cookies: [cookie] });
  } catch (error) {
    const expected = error instanceof SignInRefused || error instanceof AppError;
    if (!expected) log.error({ err: error }, "a sign-in failed");
    const failure = expected ? error.message : "the sign-in could not be stored";
    const code = error instanceof SignInRefused ? error.code : "Callback";
    return refuse({ request, provider }, { error: failure, code, returnPath, claimed: identity.email });
  }
}

function begunHere({ request: { nextUrl, cookies }, provider }: Step): string | null {
  const id = nextUrl.searchParams.get("state");
  if (!isAttemptId(id)) return null;
  const { begun } = attemptCookies({ id, provider: provider.id }, { secure: isSecure() });
  return cookies.has(begun.name) ? id : null;
}

/** @returns the `Set-Cookie` line of the session. */
async function admit({ request, provider }: Step, identity: ProviderIdentity): Promise<string> {
  const ctx = anonymousContext(request.headers);
  const { id: userId } = await admitPerson({ ctx, input: { provider, identity, refreshToken: null } });
  const replaces = readSessionCookie(request.headers);
  const { cookie } = await beginSession({ ctx, input: { userId, provider: provider.id, replaces } });
  return cookie;
}

interface Refusal {
  /** In the words of Event History. */
  error: string;
  /** In those of the sign-in page. */
  code: string;
  returnPath?: string;
  claimed?: string;
}

async function refuse(
  { request, provider }: Step,
  { error, code, returnPath, claimed }: Refusal,
): Promise<Response> {
  const ctx = anonymousContext(request.headers);
  const actor = { kind: "anonymous" as const, claimed };
  await recordFailedAuthentication(
    { ...ctx, actor },
    { entityName: claimed, error: recordableText(error), provider: provider.id },
  );
  return redirectTo({ location: signInPage({ error: code, provider: provider.id, returnPath }) });
}
